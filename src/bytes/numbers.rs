//! Which number stands at this index of a table?

/// Appends `value`, little-endian.
pub fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// Appends `value`, little-endian.
pub fn put_f32(out: &mut Vec<u8>, value: f32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// The `index`-th number of a table of `u32`, if the table reaches that far.
pub fn u32_at(table: &[u8], index: usize) -> Option<u32> {
    four_at(table, index).map(u32::from_le_bytes)
}

/// The `index`-th number of a table of `f32`, if the table reaches that far.
pub fn f32_at(table: &[u8], index: usize) -> Option<f32> {
    four_at(table, index).map(f32::from_le_bytes)
}

fn four_at(table: &[u8], index: usize) -> Option<[u8; 4]> {
    let start = index.checked_mul(4)?;
    table.get(start..start.checked_add(4)?)?.try_into().ok()
}
