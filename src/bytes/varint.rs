//! How are small numbers written in few bytes? LEB128, seven bits a byte, lowest first.

/// Appends `value` in one to five bytes.
pub fn put_varint(out: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Reads varints one after the other; past the end, or on an overlong one, it gives `None`.
#[derive(Clone, Debug)]
pub struct Varints<'a>(std::slice::Iter<'a, u8>);

impl<'a> Varints<'a> {
    /// A reader at the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Varints(bytes.iter())
    }

    /// The next single byte.
    #[inline(always)]
    pub fn byte(&mut self) -> Option<u8> {
        self.0.next().copied()
    }

    /// The next bytes as they are.
    pub fn take_bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.as_slice().split_at_checked(count)?;
        self.0 = rest.iter();
        Some(taken)
    }

    #[cold]
    fn longer(&mut self, first: u8) -> Option<u32> {
        let mut value = u32::from(first & 0x7f);
        for shift in [7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }
}

impl Iterator for Varints<'_> {
    type Item = u32;

    #[inline(always)]
    fn next(&mut self) -> Option<u32> {
        let first = self.byte()?;
        if first < 0x80 { Some(u32::from(first)) } else { self.longer(first) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(values in proptest::collection::vec(any::<u32>(), 0..50)) {
            let mut bytes = Vec::new();
            values.iter().for_each(|v| put_varint(&mut bytes, *v));
            prop_assert_eq!(Varints::new(&bytes).collect::<Vec<_>>(), values);
        }

        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(any::<u8>(), 0..50)) {
            prop_assert!(Varints::new(&bytes).count() <= bytes.len());
        }
    }
}
