//! The format codes: one table, for the parser, the packer and help texts.

use core::ffi::{c_int, c_long, c_longlong, c_short};

/// One code of the format language: a line of [`CODES`].
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// The code.
    pub letter: char,
    /// The C type, or what it is where C has none.
    pub c_type: &'static str,
    /// Bytes of one value after `=`, `<`, `>` or `!`; nothing where the code is for this machine's sizes alone.
    pub standard_size: Option<usize>,
    /// Bytes of one value without a prefix or after `@`.
    pub native_size: usize,
    /// Without a prefix or after `@`, the value begins at a multiple of so many bytes.
    pub native_align: usize,
    pub(super) kind: Kind,
}

/// Every code, in the order of Python's table.
pub const CODES: &[Code] = &[
    bytes('x', "pad byte", Kind::Pad),
    bytes('c', "char", Kind::Char),
    number::<i8>('b', "signed char", Kind::Signed, 1),
    number::<u8>('B', "unsigned char", Kind::Unsigned, 1),
    number::<bool>('?', "_Bool", Kind::Bool, 1),
    number::<c_short>('h', "short", Kind::Signed, 2),
    number::<c_short>('H', "unsigned short", Kind::Unsigned, 2),
    number::<c_int>('i', "int", Kind::Signed, 4),
    number::<c_int>('I', "unsigned int", Kind::Unsigned, 4),
    number::<c_long>('l', "long", Kind::Signed, 4),
    number::<c_long>('L', "unsigned long", Kind::Unsigned, 4),
    number::<c_longlong>('q', "long long", Kind::Signed, 8),
    number::<c_longlong>('Q', "unsigned long long", Kind::Unsigned, 8),
    native('n', "ssize_t", Kind::Signed),
    native('N', "size_t", Kind::Unsigned),
    // Of the size of two bytes, for which C has a type only here and there.
    number::<u16>('e', "_Float16", Kind::Float, 2),
    number::<f32>('f', "float", Kind::Float, 4),
    number::<f64>('d', "double", Kind::Float, 8),
    number::<[f32; 2]>('F', "float complex", Kind::Complex, 8),
    number::<[f64; 2]>('D', "double complex", Kind::Complex, 16),
    bytes('s', "char[]", Kind::Bytes),
    bytes('p', "Pascal string", Kind::Pascal),
    native('P', "void *", Kind::Pointer),
];

/// What a code makes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Pad,
    Char,
    Signed,
    Unsigned,
    /// Unsigned, but a negative number stands for the same bits, as a cast to a pointer has it.
    Pointer,
    Bool,
    Float,
    Complex,
    Bytes,
    /// A length in the first byte, then the bytes.
    Pascal,
}

impl Kind {
    /// Whether the count before the code is a length and not a number of values.
    pub(super) const fn counts_bytes(self) -> bool {
        matches!(self, Self::Bytes | Self::Pascal)
    }
}

/// A code whose type in C is as large and aligned as `T`.
const fn number<T>(letter: char, c_type: &'static str, kind: Kind, standard_size: usize) -> Code {
    let (native_size, native_align) = (size_of::<T>(), align_of::<T>());
    Code { letter, c_type, standard_size: Some(standard_size), native_size, native_align, kind }
}

/// A code of the size of a pointer, which has no size of its own.
const fn native(letter: char, c_type: &'static str, kind: Kind) -> Code {
    let (native_size, native_align) = (size_of::<usize>(), align_of::<usize>());
    Code { letter, c_type, standard_size: None, native_size, native_align, kind }
}

const fn bytes(letter: char, c_type: &'static str, kind: Kind) -> Code {
    Code { letter, c_type, standard_size: Some(1), native_size: 1, native_align: 1, kind }
}
