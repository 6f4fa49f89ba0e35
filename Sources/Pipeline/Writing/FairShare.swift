import Alerting

/// Who holds how much of the queue of events that wait for the disk, so that one sender at full speed does not keep
/// others out.
///
/// An integration may hold as much as is still free: the dynamic threshold of Choudhury and Hahne (IEEE/ACM Transactions
/// on Networking 6(2), 1998). Alone it gets half of the queue, two that flood get a third each, and so on, and what they
/// leave is for whoever comes next. Acknowledges and resolves may hold four times as much, so that they find room where
/// triggers of the same integration no longer do. What no sender sends is not limited.
///
/// Each call takes the time of one look into a table, which has no more rows than there are integrations that wait.
struct FairShare {
    /// A number of events and the bytes of their bodies.
    struct Amount {
        var events = 0
        var bytes = 0
    }

    /// What an event takes of the queue, and for whom.
    struct Claim {
        fileprivate let integration: IntegrationID?
        fileprivate let bytes: Int
        /// How many times what is free may be held.
        fileprivate let factor: Int

        init(_ event: NewEvent) {
            bytes = event.body.count
            switch event.content {
            case .alert(let alert):
                integration = alert.integrationID
                factor = alert.action == .trigger ? 1 : 4
            case .change(let change):
                integration = change.integrationID
                factor = 1
            case .action, .timer, .unreadable:
                integration = nil
                factor = 1
            }
        }
    }

    private var held: [IntegrationID: Amount] = [:]

    /// Gives an event its room, if so much is free; false if its integration holds its share, and then nothing is taken.
    mutating func take(_ claim: Claim, ofFree free: Amount) -> Bool {
        guard let integration = claim.integration else { return true }
        return Self.take(claim, ofFree: free, &held[integration, default: Amount()])
    }

    private static func take(_ claim: Claim, ofFree free: Amount, _ own: inout Amount) -> Bool {
        guard own.events < claim.factor * free.events, own.bytes + claim.bytes <= claim.factor * free.bytes else {
            return false
        }
        own.events += 1
        own.bytes += claim.bytes
        return true
    }

    /// Gives back the room of an event that had some.
    mutating func giveBack(_ claim: Claim) {
        guard let integration = claim.integration, var own = held[integration] else { return }
        own.events -= 1
        own.bytes -= claim.bytes
        held[integration] = own.events > 0 ? own : nil
    }

    /// Gives everything back: nothing waits any more.
    mutating func giveAllBack() {
        held.removeAll(keepingCapacity: true)
    }
}
