import socket

TARGET_HOST = "127.0.0.1"
TARGET_PORT = 1234

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((TARGET_HOST, TARGET_PORT))
client.send("Hello from a stream client\n".encode())
response = client.recv(4096)
print(response.decode(), end="")
client.close()
