import socket

TARGET_HOST = "127.0.0.1"
TARGET_PORT = 2222

client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto("Hello from a datagram client\n".encode(), (TARGET_HOST, TARGET_PORT))
response, address = client.recvfrom(4096)
print(response.decode(), end="")
client.close()
