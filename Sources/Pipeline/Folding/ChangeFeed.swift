import Alerting
import Store
import Synchronization

/// Publishes, after each commit of the worker, which incidents changed and how far the log is applied.
///
/// Without subscribers a commit costs one atomic load. A subscriber that does not keep up never delays the worker: its
/// changes are merged, and beyond a bound it is told that it missed some.
public final class ChangeFeed: Sendable {
    /// What changed since the last `take`.
    public struct Changes: Sendable, Hashable {
        /// The last event applied. What is read from now on includes it.
        public var applied: EventID
        /// The incidents that were opened or changed, at most the subscription's bound.
        public var incidents: Set<IncidentID>
        /// Whether more incidents changed than the bound: the subscriber has to read everything anew.
        public var isOverrun: Bool
    }

    /// One subscriber. It is unsubscribed when this value is released.
    public final class Subscription: Sendable {
        private let pending = Mutex<Changes?>(nil)
        private let bound: Int
        private let notify: @Sendable () -> Void
        private let cancel: Mutex<(@Sendable () -> Void)?>

        fileprivate init(
            bound: Int, notify: @escaping @Sendable () -> Void, cancel: @escaping @Sendable () -> Void
        ) {
            self.bound = bound
            self.notify = notify
            self.cancel = Mutex(cancel)
        }

        deinit {
            cancel.withLock { $0 }?()
        }

        /// Takes what changed since the last call; nil if nothing did. Can be called from any thread.
        public func take() -> Changes? {
            pending.withLock { pending in
                defer { pending = nil }
                return pending
            }
        }

        /// Ends the subscription. `notify` is not called by commits that follow.
        public func end() {
            let cancel = cancel.withLock { cancel in
                defer { cancel = nil }
                return cancel
            }
            cancel?()
        }

        fileprivate func add(_ incidents: Set<IncidentID>, applied: EventID) {
            let isFirst = pending.withLock { pending in
                let isFirst = pending == nil
                var changes = pending ?? Changes(applied: applied, incidents: [], isOverrun: false)
                changes.applied = applied
                if !changes.isOverrun {
                    changes.incidents.formUnion(incidents)
                    if changes.incidents.count > bound {
                        changes.incidents = []
                        changes.isOverrun = true
                    }
                }
                pending = changes
                return isFirst
            }
            if isFirst { notify() }
        }
    }

    private struct Subscribers {
        var all: [UInt64: WeakSubscription] = [:]
        var next: UInt64 = 0
    }

    private struct WeakSubscription: Sendable {
        weak let subscription: Subscription?
    }

    private let subscribers = Mutex(Subscribers())
    private let count = Atomic<Int>(0)

    /// A feed without subscribers.
    public init() {}

    /// Subscribes to the commits that follow.
    ///
    /// - Parameters:
    ///   - bound: how many incidents are kept between two calls of `take`, at most.
    ///   - notify: called on the worker's queue when the first change since the last `take` is there. It must not block.
    public func subscribe(bound: Int = 10_000, notify: @escaping @Sendable () -> Void) -> Subscription {
        subscribers.withLock { subscribers in
            subscribers.next += 1
            let id = subscribers.next
            let subscription = Subscription(bound: bound, notify: notify) { [weak self] in self?.remove(id) }
            subscribers.all[id] = WeakSubscription(subscription: subscription)
            count.store(subscribers.all.count, ordering: .releasing)
            return subscription
        }
    }

    /// Publishes a commit. `incidents` is evaluated only if somebody subscribed.
    func publish(applied: EventID, incidents: @autoclosure () -> Set<IncidentID>) {
        guard count.load(ordering: .acquiring) > 0 else { return }
        let changed = incidents()
        let current = subscribers.withLock { $0.all.values.compactMap(\.subscription) }
        for subscription in current { subscription.add(changed, applied: applied) }
    }

    private func remove(_ id: UInt64) {
        subscribers.withLock { subscribers in
            subscribers.all[id] = nil
            count.store(subscribers.all.count, ordering: .releasing)
        }
    }
}
