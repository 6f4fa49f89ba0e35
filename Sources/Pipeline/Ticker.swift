import Dispatch

/// Calls a closure on a queue at an interval, until it is stopped or let go.
///
/// `@unchecked Sendable`: a Dispatch source may be used from any thread; it is set once, at the beginning.
public final class Ticker: @unchecked Sendable {
    private let source: any DispatchSourceTimer

    /// Starts to tick after the first interval.
    public init(every interval: DispatchTimeInterval, on queue: DispatchQueue, _ body: @escaping @Sendable () -> Void) {
        source = DispatchSource.makeTimerSource(queue: queue)
        source.schedule(deadline: .now() + interval, repeating: interval)
        source.setEventHandler(handler: body)
        source.resume()
    }

    deinit {
        source.cancel()
    }

    /// Stops for good.
    public func stop() {
        source.cancel()
    }
}
