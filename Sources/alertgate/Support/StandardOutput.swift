import Glibc

/// Standard output. It remembers the first error, and takes nothing more after it.
///
/// Nothing is buffered: a write that fails is known before the next step of a command.
struct StandardOutput {
    /// The `errno` of the first write that failed; nil while all were good.
    private(set) var errorNumber: Int32?

    /// Writes a text, however many calls that takes.
    mutating func write(_ text: String) {
        guard errorNumber == nil else { return }
        var text = text
        errorNumber = text.withUTF8 { StandardOutput.write(UnsafeRawBufferPointer($0)) }
    }

    /// Waits until what was written is on disk, if standard output is a file. A terminal or a pipe has no disk.
    mutating func synchronize() {
        guard errorNumber == nil, fsync(STDOUT_FILENO) != 0 else { return }
        let number = errno
        if StandardOutput.losesData(number) { errorNumber = number }
    }

    /// Closes standard output. Some file systems report only now that they could not store what was written.
    mutating func close() {
        guard errorNumber == nil, Glibc.close(STDOUT_FILENO) != 0 else { return }
        let number = errno
        if StandardOutput.losesData(number) { errorNumber = number }
    }

    /// The other errors of fsync(2) and close(2) say that the file is of a kind that cannot do it.
    private static func losesData(_ number: Int32) -> Bool { [EIO, ENOSPC, EDQUOT].contains(number) }

    private static func write(_ bytes: UnsafeRawBufferPointer) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN:
                // Another program has made the pipe or terminal non-blocking.
                var ready = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = poll(&ready, 1, -1)
            case let number: return number
            }
        }
        return nil
    }
}

/// The three standard streams at the start of the program.
enum StandardStreams {
    /// Sees to it that an output that nobody reads is an error of a write, and no end by SIGPIPE; and that the numbers of
    /// streams that are closed are taken. Otherwise the next file or socket that is opened gets such a number, and what a
    /// command prints is written into it.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        // The wrong direction: the first read or write is EBADF, as it would be without the placeholder. Standard error has
        // nowhere to report that.
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR)]
        where fcntl(descriptor, F_GETFD) < 0 {
            _ = open("/dev/null", mode)
        }
    }
}
