import socket

HOST = "127.0.0.1"
PORT = 1111

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind((HOST, PORT))
server.listen(5)

try:
    while True:
        client, address = server.accept()
        message = client.recv(1024)
        print("Message Received")
        print("Sent by -", address[0], "port -", address[1])
        client.send("I got your message\n".encode())
        client.close()
except KeyboardInterrupt:
    print("Interrupted")
server.close()
