/// Divides so that the remainder is never negative: the quotient is rounded down, not towards zero.
///
/// The divisor is above 0.
@inlinable
public func floorDivision<Number: BinaryInteger>(
    _ dividend: Number, _ divisor: Number
) -> (quotient: Number, remainder: Number) {
    let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}
