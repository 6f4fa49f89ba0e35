extension Zone {
    /// The first second, since 1970 UTC, at which the zone's clock shows a time; the time is given as if it were UTC.
    ///
    /// As RFC 5545 section 3.3.5 says: a time that comes twice is the first of the two, and a time that the clock skips
    /// is read with the offset before the gap, which moves it forward by the length of the gap.
    public func second(ofLocal local: Int64) -> Int64 {
        // Every change of offset that matters to the time lies between these two moments, because no offset reaches a
        // day; and since 1970 no zone has changed its offset twice within three days.
        let before = Int64(offset(at: local - 86_400))
        let after = Int64(offset(at: local + 86_400))
        guard before != after else { return local - before }
        for second in [local - max(before, after), local - min(before, after)]
        where second + Int64(offset(at: second)) == local {
            return second
        }
        return local - before
    }
}
