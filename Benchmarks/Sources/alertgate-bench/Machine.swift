import Dispatch
import Glibc

/// Seconds on a clock that only goes forward.
func monotonicSeconds() -> Double {
    Double(DispatchTime.now().uptimeNanoseconds) / 1e9
}

/// Processor seconds of this process so far, user and system.
func processorSeconds() -> Double {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Waits for SIGTERM or SIGINT.
func untilStopped() async {
    signal(SIGTERM, SIG_IGN)
    signal(SIGINT, SIG_IGN)
    let sources = [SIGTERM, SIGINT].map { DispatchSource.makeSignalSource(signal: $0, queue: .global()) }
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
        let first = FirstOnly { continuation.resume() }
        for source in sources {
            source.setEventHandler { first.run() }
            source.resume()
        }
    }
    withExtendedLifetime(sources) {}
}

/// Runs a closure the first time only. Used on one signal source's queue or another, hence the lock.
final class FirstOnly: Sendable {
    private let work: @Sendable () -> Void
    private let isDone = DispatchSemaphore(value: 1)

    init(_ work: @escaping @Sendable () -> Void) {
        self.work = work
    }

    func run() {
        if isDone.wait(timeout: .now()) == .success { work() }
    }
}

/// One line of JSON on standard output.
func report(_ members: KeyValuePairs<String, Double>) {
    let text = members.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    print("RESULT {\(text)}")
}
