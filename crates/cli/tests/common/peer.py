# The other side in plain Python: streams and datagrams, as client or server, standard input to the peer and the peer to
# standard output. Usage: peer.py server|client FAMILY HOST_OR_PATH PORT [recv]
import os
import socket
import sys
import threading

role, family, where, port = sys.argv[1:5]
receive_only = "recv" in sys.argv[5:]

FAMILIES = {
    "tcp4": (socket.AF_INET, socket.SOCK_STREAM),
    "tcp6": (socket.AF_INET6, socket.SOCK_STREAM),
    "udp4": (socket.AF_INET, socket.SOCK_DGRAM),
    "udp6": (socket.AF_INET6, socket.SOCK_DGRAM),
    "unix": (socket.AF_UNIX, socket.SOCK_STREAM),
    "unix-dgram": (socket.AF_UNIX, socket.SOCK_DGRAM),
    "unix-seqpacket": (socket.AF_UNIX, socket.SOCK_SEQPACKET),
}
kind = FAMILIES[family][1]
sock = socket.socket(*FAMILIES[family])
if family.startswith("unix"):
    address = "\0" + where[1:] if where.startswith("@") else where
else:
    address = (where, int(port))


def write(data):
    while data:
        data = data[os.write(1, data):]


def up(send, end):
    while data := os.read(0, 65536):
        send(data)
    end()


def listening():
    name = sock.getsockname()
    print("listening", name[1] if isinstance(name, tuple) else "here", file=sys.stderr, flush=True)


if kind == socket.SOCK_DGRAM:
    last = [None]
    if role == "server":
        sock.bind(address)
        listening()
        send = lambda data: sock.sendto(data, last[0])
    else:
        if family == "unix-dgram":
            sock.bind("")
        sock.connect(address)
        send = sock.send
    # The end of input ends the program: datagrams have no end.
    threading.Thread(target=up, args=(send, lambda: os._exit(0)), daemon=True).start()
    while True:
        data, last[0] = sock.recvfrom(65536)
        write(data)

if role == "server":
    sock.bind(address)
    sock.listen(1)
    listening()
    talk, _ = sock.accept()
else:
    sock.connect(address)
    talk = sock
sender = threading.Thread(target=up, args=(talk.sendall, lambda: talk.shutdown(socket.SHUT_WR)))
if not receive_only:
    sender.start()
while data := talk.recv(65536):
    write(data)
if not receive_only:
    sender.join()
