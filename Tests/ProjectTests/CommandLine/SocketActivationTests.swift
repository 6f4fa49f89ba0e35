import Foundation
import Testing

/// The listening socket belongs to the service manager and outlives the daemon (sd_listen_fds(3)).
@Suite(.timeLimit(.minutes(5))) struct SocketActivationTests {
    /// Plays the service manager: listens, runs the daemon, stops it, connects while nobody runs, runs another one, and
    /// prints what that connection was answered, then the two exit statuses.
    private static let manager = """
        import os, signal, socket, sys

        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        listening.listen(64)
        telling = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        telling.bind(os.environ["NOTIFY_SOCKET"])
        telling.settimeout(60)

        def start():
            child = os.fork()
            if child == 0:
                os.dup2(listening.fileno(), 3)
                os.set_inheritable(3, True)
                os.environ.update(LISTEN_FDS="1", LISTEN_FDNAMES="http", LISTEN_PID=str(os.getpid()))
                os.execv(sys.argv[1], sys.argv[1:])
            while not telling.recv(4096).startswith(b"READY=1"):
                pass
            return child

        def stop(child):
            os.kill(child, signal.SIGTERM)
            return os.waitpid(child, 0)[1]

        def connect():
            connection = socket.create_connection(listening.getsockname(), timeout=60)
            connection.sendall(b"GET /healthz HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n")
            return connection

        def answer(connection):
            return connection.makefile("rb").readline().decode().strip()

        first = start()
        print(answer(connect()))
        statuses = [stop(first)]
        waiting = connect()
        second = start()
        print(answer(waiting))
        statuses.append(stop(second))
        print(statuses)
        """

    /// Plays the service manager with three sockets, and prints what each is answered for some paths.
    private static let namingManager = """
        import os, signal, socket, sys

        names = ["http", "admin", "plain"]
        listening = []
        for name in names:
            one = socket.socket()
            one.bind(("127.0.0.1", 0))
            one.listen(64)
            listening.append(one)
        telling = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        telling.bind(os.environ["NOTIFY_SOCKET"])
        telling.settimeout(60)
        child = os.fork()
        if child == 0:
            # Above those that are handed over, so that none is overwritten before it is copied.
            copies = [os.dup2(one.fileno(), 20 + number) for number, one in enumerate(listening)]
            for number, copy in enumerate(copies):
                os.dup2(copy, 3 + number)
                os.set_inheritable(3 + number, True)
            os.environ.update(
                LISTEN_FDS=str(len(names)), LISTEN_FDNAMES=":".join(names), LISTEN_PID=str(os.getpid()))
            os.execv(sys.argv[1], sys.argv[1:])
        while not telling.recv(4096).startswith(b"READY=1"):
            pass

        def status(one, path):
            connection = socket.create_connection(one.getsockname(), timeout=60)
            connection.sendall(b"GET " + path.encode() + b" HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n")
            return connection.makefile("rb").readline().decode().split()[1]

        for name, one in zip(names, listening):
            print(name, *[status(one, path) for path in ["/healthz", "/readyz", "/incidents", "/v2/enqueue"]])
        os.kill(child, signal.SIGTERM)
        print(os.waitpid(child, 0)[1])
        """

    @Test func aSocketNamedAdminIsForTheAdminAPI() async throws {
        let folder = try TemporaryFolder()
        let ended = try await run(
            URL(fileURLWithPath: "/usr/bin/env"),
            [
                "python3", try folder.write(SocketActivationTests.namingManager, to: "manager.py"),
                try Project.program.path, "serve", "--db", folder.path("alertgate.db"),
            ],
            // Neither can be listened on: both are replaced.
            environment: [
                "NOTIFY_SOCKET": folder.path("notify"), "ALERTGATE_LISTEN": "192.0.2.1:1",
                "ALERTGATE_ADMIN_LISTEN": "192.0.2.1:2",
            ])
        #expect(ended.status == 0, "\(ended)")
        #expect(
            ended.output == "http 200 404 404 405\nadmin 200 200 401 404\nplain 200 404 404 405\n0\n", "\(ended)")
    }

    @Test func aConnectionMadeWhileNobodyRunsIsAnsweredByTheNext() async throws {
        let folder = try TemporaryFolder()
        let ended = try await run(
            URL(fileURLWithPath: "/usr/bin/env"),
            [
                "python3", try folder.write(SocketActivationTests.manager, to: "manager.py"),
                try Project.program.path, "serve", "--db", folder.path("alertgate.db"),
            ],
            environment: ["NOTIFY_SOCKET": folder.path("notify"), "ALERTGATE_LISTEN": "192.0.2.1:1"])
        #expect(ended.status == 0, "\(ended)")
        #expect(ended.output == "HTTP/1.1 200 OK\nHTTP/1.1 200 OK\n[0, 0]\n", "\(ended)")
    }
}
