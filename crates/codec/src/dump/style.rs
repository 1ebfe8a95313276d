//! What a dump looks like: the style, and what can be set of it.
//!
//! A style is named after the tool whose output it is, byte for byte, and every setting after that tool's option. What
//! a tool cannot do but another can, its style can, too: squeezing of any line, bits, groups, EBCDIC, records of any
//! length.

use core::fmt;

use super::grid::Grid;
use super::layout::Layout;
pub use super::layout::Radix;
use super::{Writer, boxed, hexdump, od, xxd};

/// How a [`Dump`](super::Dump) lays out its lines. The default is `xxd`'s: 16 columns in groups of 2, lower case, no
/// prefix.
///
/// ```
/// use jackfield_codec::{Dump, Style};
///
/// let lines: Vec<String> = Dump::new(Style::hexdump()).lines(b"Message\n").collect();
/// assert_eq!(lines[0], "00000000  4d 65 73 73 61 67 65 0a                           |Message.|");
/// assert_eq!(lines[1], "00000008");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub(super) kind: Kind,
    pub(super) columns: Option<usize>,
    pub(super) group: Option<usize>,
    pub(super) base: Base,
    pub(super) little_endian: bool,
    pub(super) upper_case: bool,
    pub(super) squeeze: Option<Squeeze>,
    pub(super) radix: Option<Radix>,
    pub(super) position: bool,
    pub(super) characters: Option<Characters>,
    pub(super) colour: bool,
    pub(super) border: Border,
    pub(super) prefix: &'static str,
}

/// Whose lines they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Xxd,
    Hexdump,
    Od,
    Plain,
    Boxed,
}

/// The base in which bytes are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Base {
    /// Two digits.
    #[default]
    Hex,
    /// Eight digits, as `xxd -b`.
    Binary,
    /// Three digits.
    Octal,
    /// Three digits.
    Decimal,
}

impl Base {
    /// Characters of a byte.
    pub(super) const fn width(self) -> usize {
        match self {
            Self::Hex => 2,
            Self::Octal | Self::Decimal => 3,
            Self::Binary => 8,
        }
    }
}

/// Which lines are left out, with a `*` in their place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Squeeze {
    /// None: `hexdump -v`, `od -v`, `hexyl -v`.
    Never,
    /// Those of zeros, as `xxd -a`.
    Zeros,
    /// All that are the same as the one before.
    Repeats,
}

/// How bytes are shown as characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Characters {
    /// Not at all.
    None,
    /// ASCII, a dot for what has no picture.
    Ascii,
    /// EBCDIC as `xxd -E` has it.
    Ebcdic,
    /// ASCII; `⋄` for NUL, `_` for white space but the blank, `•` for other controls, `×` above ASCII, as hexyl has it.
    Symbols,
    /// Code page 437, the character set of the first PCs, with a picture for every byte.
    CodePage437,
}

/// What a box is drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Border {
    /// Box-drawing characters.
    #[default]
    Unicode,
    /// `+`, `-` and `|`.
    Ascii,
    /// Blanks, and no lines above and below.
    None,
}

impl Default for Style {
    fn default() -> Self {
        Self::xxd()
    }
}

impl Style {
    /// The most bytes that one line of [`xxd`](Self::xxd) may show: xxd(1), option `-c`.
    pub const MAX_COLUMNS: usize = 256;
    /// The most bytes that one line of `hexdump`, `od` and the box may show.
    pub const MAX_RECORD: usize = 65_536;

    /// Makes the style of `xxd`: 16 columns in groups of 2.
    #[must_use]
    pub const fn xxd() -> Self {
        Self {
            kind: Kind::Xxd,
            columns: None,
            group: None,
            base: Base::Hex,
            little_endian: false,
            upper_case: false,
            squeeze: None,
            radix: None,
            position: true,
            characters: None,
            colour: false,
            border: Border::Unicode,
            prefix: "",
        }
    }

    /// Makes the style of `hexdump -C`: repeated lines are squeezed, and the end's offset has a line.
    #[must_use]
    pub const fn hexdump() -> Self {
        Self { kind: Kind::Hexdump, ..Self::xxd() }
    }

    /// Makes the style of `od -Ax -tx1z`: repeated lines are squeezed, and the end's offset has a line.
    #[must_use]
    pub const fn od() -> Self {
        Self { kind: Kind::Od, ..Self::xxd() }
    }

    /// Makes the style of `xxd -p`: digits alone, 30 bytes a line.
    #[must_use]
    pub const fn plain() -> Self {
        Self { kind: Kind::Plain, ..Self::xxd() }
    }

    /// Makes the style of `hexyl`: a box with two panels of 8 bytes, repeated lines squeezed.
    #[must_use]
    pub const fn boxed() -> Self {
        Self { kind: Kind::Boxed, ..Self::xxd() }
    }

    /// Sets the number of bytes in a line, as `xxd -c` and `od -w`: the length of a record. For
    /// [`plain`](Self::plain) 0 is one line without end.
    ///
    /// # Errors
    /// [`StyleError::Columns`] when it is 0 or more than the style can have: [`Style::MAX_COLUMNS`] or
    /// [`Style::MAX_RECORD`].
    pub fn columns(self, columns: usize) -> Result<Self, StyleError> {
        let (least, most) = match self.kind {
            Kind::Plain => (0, usize::MAX),
            Kind::Xxd => (1, Self::MAX_COLUMNS),
            Kind::Hexdump | Kind::Od | Kind::Boxed => (1, Self::MAX_RECORD),
        };
        if (least..=most).contains(&columns) {
            Ok(Self { columns: Some(columns), ..self })
        } else {
            Err(StyleError::Columns { asked: columns, most })
        }
    }

    /// Sets the number of panels of 8 bytes of a box, at least one.
    ///
    /// # Errors
    /// [`StyleError::Columns`] when that is 0 or too many.
    pub fn panels(self, panels: usize) -> Result<Self, StyleError> {
        self.columns(panels.saturating_mul(boxed::PANEL))
    }

    /// Sets as many panels of a box as fit a terminal so many characters wide, and one if none does.
    #[must_use]
    pub fn panels_within(self, width: usize) -> Self {
        let fits = |&panels: &usize| {
            self.panels(panels).is_ok_and(|style| boxed::Boxed::new(&style).is_within(width))
        };
        let panels = (1..).take_while(fits).last().unwrap_or(1);
        self.panels(panels).unwrap_or(self)
    }

    /// Sets the number of bytes between two spaces, as `xxd -g`; 0 puts no space at all.
    #[must_use]
    pub const fn group(self, group: usize) -> Self {
        Self { group: Some(group), ..self }
    }

    /// Writes the bytes of a group in the order in which a little-endian machine reads them, as `xxd -e`, which
    /// has groups of 4 when none is set.
    ///
    /// # Errors
    /// [`StyleError::Group`] when the group is not a power of two, which xxd refuses, too.
    pub fn little_endian(self) -> Result<Self, StyleError> {
        match self.group {
            Some(asked) if asked > 0 && !asked.is_power_of_two() => Err(StyleError::Group { asked }),
            _ => Ok(Self { little_endian: true, ..self }),
        }
    }

    /// Sets the base in which bytes are written; in base 2 xxd has 6 columns in groups of 1 when none are set.
    #[must_use]
    pub const fn base(self, base: Base) -> Self {
        Self { base, ..self }
    }

    /// Writes the bytes with `A` to `F` instead of `a` to `f`, as `xxd -u`; offsets stay in lower case.
    #[must_use]
    pub const fn upper_case(self, upper_case: bool) -> Self {
        Self { upper_case, ..self }
    }

    /// Sets which lines are left out; when it is not set, what the style's tool does.
    ///
    /// Where the style does not say the offset of the end (xxd), a run of the same lines becomes its first and a `*`
    /// from three lines on, and the last line is always shown, so that the dump can be reversed.
    #[must_use]
    pub const fn squeeze(self, squeeze: Squeeze) -> Self {
        Self { squeeze: Some(squeeze), ..self }
    }

    /// Sets the base of the offsets: `xxd -d`, `od -A`.
    #[must_use]
    pub const fn offsets(self, radix: Radix) -> Self {
        Self { radix: Some(radix), ..self }
    }

    /// Leaves the offsets out, as `od -An` and `hexyl --no-position`.
    #[must_use]
    pub const fn no_offsets(self) -> Self {
        Self { position: false, ..self }
    }

    /// Sets how bytes are shown as characters.
    #[must_use]
    pub const fn characters(self, characters: Characters) -> Self {
        Self { characters: Some(characters), ..self }
    }

    /// Colours bytes by what they are: `xxd -R always`, and hexyl's five classes in a box. Plain digits have no
    /// colours.
    #[must_use]
    pub const fn colour(self, colour: bool) -> Self {
        Self { colour, ..self }
    }

    /// Sets what a box is drawn with.
    #[must_use]
    pub const fn border(self, border: Border) -> Self {
        Self { border, ..self }
    }

    /// Puts a text before every line, such as `"> "` for what was sent and `"< "` for what was received.
    #[must_use]
    pub const fn prefix(self, prefix: &'static str) -> Self {
        Self { prefix, ..self }
    }

    /// Says whether the last byte of a group stands first.
    #[must_use]
    pub const fn is_little_endian(&self) -> bool {
        self.little_endian
    }

    /// Returns the bytes of a full line; 0 for plain digits in one line.
    #[must_use]
    pub fn record(&self) -> usize {
        self.columns.unwrap_or(match (self.kind, self.base) {
            (Kind::Plain, _) => 30,
            (Kind::Xxd, Base::Binary) => 6,
            (Kind::Boxed, Base::Binary | Base::Octal | Base::Decimal) => boxed::PANEL,
            _ => 16,
        })
    }

    /// Returns how a full line is laid out, where a [`Layout`] can say it.
    pub(crate) fn layout(&self) -> Option<Layout> {
        self.writer().layout().cloned()
    }

    /// What is squeezed.
    pub(super) fn squeezed(&self) -> Squeeze {
        self.squeeze.unwrap_or(match self.kind {
            Kind::Xxd | Kind::Plain => Squeeze::Never,
            Kind::Hexdump | Kind::Od | Kind::Boxed => Squeeze::Repeats,
        })
    }

    /// The one place that knows who writes which style.
    pub(super) fn writer(&self) -> Writer {
        match self.kind {
            Kind::Xxd => Writer::Grid(Box::new(Grid::new(self, &xxd::shape(self)))),
            Kind::Hexdump => Writer::Grid(Box::new(Grid::new(self, &hexdump::shape(self)))),
            Kind::Od => Writer::Grid(Box::new(Grid::new(self, &od::shape(self)))),
            Kind::Plain => Writer::Plain(crate::hex::Plain::new(self.record(), self.upper_case)),
            Kind::Boxed => Writer::Boxed(Box::new(boxed::Boxed::new(self))),
        }
    }
}

/// Why a [`Style`] cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StyleError {
    /// A line cannot have this many columns.
    Columns {
        /// What was asked for.
        asked: usize,
        /// What the style can have.
        most: usize,
    },
    /// Groups of this many bytes cannot be read as little-endian numbers.
    Group {
        /// What was asked for.
        asked: usize,
    },
}

impl fmt::Display for StyleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Columns { asked, most } => {
                write!(f, "a dump in this style has 1 to {most} columns, asked for {asked}")
            }
            Self::Group { asked } => {
                write!(f, "little-endian groups are of 1, 2, 4, 8 … bytes, asked for {asked}")
            }
        }
    }
}

impl std::error::Error for StyleError {}
