import NIOCore
import NIOHTTP1

/// What comes out of the parser, in order.
enum ConnectionInput {
    case part(HTTPServerRequestPart)
    case failure
    case end

    /// About how many bytes of memory it takes to keep it.
    var cost: Int {
        switch self {
        case .part(.head(let head)):
            head.headers.reduce(512 + head.uri.utf8.count) { $0 + 64 + $1.name.utf8.count + $1.value.utf8.count }
        case .part(.body(let bytes)): 64 + bytes.readableBytes
        case .part(.end), .failure, .end: 64
        }
    }

    /// The same in memory of its own: a part of a body otherwise holds on to all that was read with it.
    fileprivate var apart: ConnectionInput {
        guard case .part(.body(let bytes)) = self else { return self }
        return .part(.body(ByteBuffer(bytes: bytes.readableBytesView)))
    }
}

/// Input of a connection behind the request that is being answered. It counts as bytes of bodies that are not whole: however
/// many connections send ahead, together they hold no more than the listener has room for.
struct WaitingInput {
    private var inputs = CircularBuffer<ConnectionInput>(initialCapacity: 0)
    /// How much of the listener's quota is taken for it.
    private var cost = 0

    var isEmpty: Bool { inputs.isEmpty }

    /// Whether the end of the input is among it.
    var hasEnd: Bool {
        guard case .end = inputs.last else { return false }
        return true
    }

    /// Keeps what came; false if there is no room for it.
    mutating func append(_ input: ConnectionInput, leavingReserve leavesReserve: Bool, of listener: ListenerContext)
        -> Bool
    {
        let input = input.apart
        guard listener.takeBodyBytes(input.cost, behind: cost, leavingReserve: leavesReserve) else { return false }
        cost += input.cost
        inputs.append(input)
        return true
    }

    /// Takes out what came first.
    mutating func popFirst(of listener: ListenerContext) -> ConnectionInput? {
        guard let input = inputs.popFirst() else { return nil }
        cost -= input.cost
        listener.bodyBytes.giveBack(input.cost)
        return input
    }

    /// Drops all of it.
    mutating func removeAll(of listener: ListenerContext) {
        inputs.removeAll()
        listener.bodyBytes.giveBack(cost)
        cost = 0
    }
}
