# The hello server, one thread a connection. Prints its port.
import socket
import threading


def tcplink(sock):
    sock.send(b"Welcome!")
    while True:
        data = sock.recv(1024)
        if data in (b"", b"exit"):
            break
        sock.send(b"Hello, %s!" % data)
    sock.close()


threading.stack_size(256 * 1024)
s = socket.create_server(("127.0.0.1", 0), backlog=1024)
print(s.getsockname()[1], flush=True)
while True:
    sock, addr = s.accept()
    threading.Thread(target=tcplink, args=(sock,), daemon=True).start()
