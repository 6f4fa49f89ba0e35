/// Where receipts are handed out: an event loop, say. All receipts of one commit that belong to one executor are handed
/// out in a single `execute`, so that waking a loop costs once per batch rather than once per event.
public protocol ReceiptExecutor: AnyObject, Sendable {
    /// Runs the work soon, on the executor's own thread.
    func execute(_ work: @escaping @Sendable () -> Void)
}
