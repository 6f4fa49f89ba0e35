/// Values under numbers, in shards: a change of a table that a copy shares copies one shard in place of all values.
///
/// The fold keeps the state before a batch, so that each change is one of a copy.
struct ShardedTable<Value: Sendable>: Sendable {
    private var shards: [[Int64: Value]] = Array(repeating: [:], count: 1 << bits)
    /// How many values there are.
    private(set) var count = 0

    private static var bits: Int { 6 }

    /// The value under a number, which may be set and removed.
    subscript(number: Int64) -> Value? {
        get { shards[shard(of: number)][number] }
        set {
            let shard = shard(of: number)
            let former =
                newValue.map { shards[shard].updateValue($0, forKey: number) }
                ?? shards[shard].removeValue(forKey: number)
            count += (newValue == nil ? 0 : 1) - (former == nil ? 0 : 1)
        }
    }

    /// The values, in no particular order.
    var values: some Sequence<Value> { shards.lazy.flatMap(\.values) }

    /// Numbers of events often have a common step; the multiplication spreads them (Fibonacci hashing).
    private func shard(of number: Int64) -> Int {
        Int((UInt64(bitPattern: number) &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - Self.bits))
    }
}
