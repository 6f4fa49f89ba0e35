import Synchronization

/// Hands on the first of several answers.
final class ProbeAnswer: Sendable {
    private let completion: @Sendable (Result<Void, any Error>) -> Void
    private let isGiven = Atomic<Bool>(false)

    init(_ completion: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        self.completion = completion
    }

    func give(_ result: Result<Void, any Error>) {
        if !isGiven.exchange(true, ordering: .acquiringAndReleasing) { completion(result) }
    }
}
