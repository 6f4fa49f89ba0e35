"""An HTTP proxy that leads CONNECT for PagerDuty's host names to a port of this machine, and refuses everything else.

    connect_proxy.py PORT

Prints the port it listens on. It is to senders what a changed name in the DNS is.
"""

import socket
import socketserver
import sys
import threading

GATEWAY = ("127.0.0.1", int(sys.argv[1]))
NAMES = tuple(b"%s.%s:443" % (service, domain) for service in (b"events", b"api")
              for domain in (b"pagerduty.com", b"eu.pagerduty.com"))


def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        words = self.rfile.readline().split()
        while self.rfile.readline().strip():
            pass
        if words[:1] != [b"CONNECT"] or words[1] not in NAMES:
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            return
        with socket.create_connection(GATEWAY) as gateway:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            upward = threading.Thread(target=copy, args=(self.connection, gateway), daemon=True)
            upward.start()
            copy(gateway, self.connection)
            upward.join()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


with Server(("127.0.0.1", 0), Handler) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
