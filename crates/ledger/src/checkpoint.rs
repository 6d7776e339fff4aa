//! Checkpoints (C2SP `tlog-checkpoint`): the size and root of a log's tree, as a signed note.

use crate::hash::{Hash, empty_root};
use crate::note::{NoteError, SignedNote, Signer, Verifier};
use crate::tree::MAX_TREE_SIZE;

/// Most extension lines that are read.
pub const MAX_EXTENSIONS: usize = 64;

/// Longest line of a checkpoint, in bytes.
pub const MAX_LINE_BYTES: usize = 4096;

/// A log's tree head: who says it, how many leaves, which root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's unique name, by convention a URL without its scheme; also its key's name.
    pub origin: String,
    /// Number of leaves, at most [`MAX_TREE_SIZE`].
    pub size: u64,
    /// RFC 6962 root over those leaves.
    pub root: Hash,
    /// Further lines, opaque and normally none. Each is non-empty.
    pub extensions: Vec<String>,
}

/// Why a checkpoint is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The signed note around it is malformed or not signed by a known key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not three or more lines, each ended by a line feed.
    #[error("a checkpoint must have three lines: origin, tree size, root hash")]
    NotACheckpoint,
    /// An origin or extension line that is empty, too long, or has a control character.
    #[error("line {0} of the checkpoint is empty, too long, or has a control character")]
    BadLine(usize),
    /// More than [`MAX_EXTENSIONS`].
    #[error("the checkpoint has more than 64 extension lines")]
    TooManyExtensions,
    /// The size is not a plain decimal number in range.
    #[error(
        "the tree size in the checkpoint is not a plain decimal number of at most 9223372036854775807"
    )]
    BadSize,
    /// The root is not base64 of 32 bytes.
    #[error("the root hash in the checkpoint is not 44 characters of base64")]
    BadRoot,
    /// Size 0 with another root than that of the empty tree.
    #[error(
        "the checkpoint says that the tree is empty, but its root hash is not that of the empty tree"
    )]
    NotEmpty,
    /// The checkpoint is of another log.
    #[error("the checkpoint is of the log {found}, not of {expected}")]
    OtherLog {
        /// Origin that was wanted.
        expected: String,
        /// Origin in the checkpoint.
        found: String,
    },
}

/// Reads a decimal number as the specifications write it: digits alone, no leading zero.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || (text.len() > 1 && text.starts_with('0')) {
        return None;
    }
    text.parse().ok()
}

impl Checkpoint {
    /// A checkpoint without extension lines.
    #[must_use]
    pub fn new(origin: &str, size: u64, root: Hash) -> Self {
        Self { origin: origin.to_owned(), size, root, extensions: Vec::new() }
    }

    /// The text that is signed: one line each for origin, size, root and extensions.
    ///
    /// # Errors
    /// [`CheckpointError`] when a field cannot be written so that [`Checkpoint::parse`] reads it
    /// back (an origin with a line feed, say).
    pub fn to_text(&self) -> Result<String, CheckpointError> {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root);
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        if Self::parse(&text)? == *self { Ok(text) } else { Err(CheckpointError::NotACheckpoint) }
    }

    /// Reads the text of a checkpoint, which is **not yet known to be signed**.
    ///
    /// # Errors
    /// [`CheckpointError`] saying which line is wrong.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::NotACheckpoint)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::NotACheckpoint);
        };
        check_line(1, origin)?;
        let size = parse_decimal(size)
            .filter(|size| *size <= MAX_TREE_SIZE)
            .ok_or(CheckpointError::BadSize)?;
        let root: Hash = root.parse().map_err(|_| CheckpointError::BadRoot)?;
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::NotEmpty);
        }
        let mut extensions = Vec::new();
        for (number, line) in (4..).zip(lines) {
            if extensions.len() == MAX_EXTENSIONS {
                return Err(CheckpointError::TooManyExtensions);
            }
            check_line(number, line)?;
            extensions.push(line.to_owned());
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }

    /// Signs the checkpoint and returns the whole signed note.
    ///
    /// The caller must have made sure that it extends every checkpoint signed before
    /// (see [`guard`](crate::guard)).
    ///
    /// # Errors
    /// When the origin is not the signer's name, or a field cannot be written.
    pub fn sign(&self, signer: &Signer) -> Result<String, CheckpointError> {
        same_origin(signer.name(), &self.origin)?;
        Ok(signer.sign(&self.to_text()?)?)
    }

    /// Reads a signed checkpoint of the log `origin`, signed by at least one of `keys`.
    ///
    /// Keys of another name than the origin (witnesses) do not count: the log itself must have
    /// signed. Several keys of that name stand for a log that changed its key.
    ///
    /// # Errors
    /// [`CheckpointError`] when the note is malformed, not signed by the log, of another log, or
    /// its text is not a checkpoint.
    pub fn open(note: &[u8], origin: &str, keys: &[Verifier]) -> Result<Self, CheckpointError> {
        let note = SignedNote::parse(note)?;
        let own: Vec<Verifier> = keys.iter().filter(|key| key.name() == origin).cloned().collect();
        note.verify(&own)?;
        let checkpoint = Self::parse(note.text)?;
        same_origin(origin, &checkpoint.origin)?;
        Ok(checkpoint)
    }
}

fn check_line(number: usize, line: &str) -> Result<(), CheckpointError> {
    let bad =
        line.is_empty() || line.len() > MAX_LINE_BYTES || line.bytes().any(|byte| byte < b' ');
    if bad { Err(CheckpointError::BadLine(number)) } else { Ok(()) }
}

fn same_origin(expected: &str, found: &str) -> Result<(), CheckpointError> {
    if expected == found {
        return Ok(());
    }
    let short = |text: &str| text.chars().take(100).collect();
    Err(CheckpointError::OtherLog { expected: short(expected), found: short(found) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn the_specifications_example_round_trips() {
        let checkpoint = Checkpoint::parse(EXAMPLE).unwrap();
        assert_eq!(checkpoint.origin, "example.com/behind-the-sofa");
        assert_eq!(checkpoint.size, 20_852_163);
        assert_eq!(checkpoint.to_text().unwrap(), EXAMPLE);
        let extended = format!("{EXAMPLE}one\ntwo\n");
        let checkpoint = Checkpoint::parse(&extended).unwrap();
        assert_eq!(checkpoint.extensions, ["one", "two"]);
        assert_eq!(checkpoint.to_text().unwrap(), extended);
    }

    #[test]
    fn malformed_texts_are_refused_with_their_reason() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        let cases = [
            (String::new(), CheckpointError::NotACheckpoint),
            ("a\n1\n".into(), CheckpointError::NotACheckpoint),
            (format!("a\n1\n{root}"), CheckpointError::NotACheckpoint),
            (format!("\n1\n{root}\n"), CheckpointError::BadLine(1)),
            (format!("a\n01\n{root}\n"), CheckpointError::BadSize),
            (format!("a\n+1\n{root}\n"), CheckpointError::BadSize),
            (format!("a\n\n{root}\n"), CheckpointError::BadSize),
            (format!("a\n9223372036854775808\n{root}\n"), CheckpointError::BadSize),
            ("a\n1\nAAAA\n".into(), CheckpointError::BadRoot),
            (format!("a\n1\n{root} \n"), CheckpointError::BadRoot),
            (format!("a\n0\n{root}\n"), CheckpointError::NotEmpty),
            (format!("a\n1\n{root}\n\n"), CheckpointError::BadLine(4)),
            (format!("a\n1\n{root}\nx\r\n"), CheckpointError::BadLine(4)),
            (format!("a\n1\n{root}\n{}", "x\n".repeat(65)), CheckpointError::TooManyExtensions),
        ];
        for (text, error) in cases {
            assert_eq!(Checkpoint::parse(&text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn fields_that_would_change_the_meaning_cannot_be_signed() {
        let signer = Signer::from_seed("a", [1; 32]).unwrap();
        let good = Checkpoint::new("a", 0, empty_root());
        assert!(good.sign(&signer).is_ok());
        let injected = Checkpoint { extensions: vec!["x\ny".into()], ..good.clone() };
        assert_eq!(injected.sign(&signer), Err(CheckpointError::NotACheckpoint));
        let oversized = Checkpoint { size: u64::MAX, ..good.clone() };
        assert_eq!(oversized.sign(&signer), Err(CheckpointError::BadSize));
        let foreign = Checkpoint { origin: "b".into(), ..good };
        assert!(matches!(foreign.sign(&signer), Err(CheckpointError::OtherLog { .. })));
    }

    #[test]
    fn the_log_itself_must_have_signed() {
        let log = Signer::from_seed("example.com/log", [1; 32]).unwrap();
        let witness = Signer::from_seed("witness.example", [2; 32]).unwrap();
        let checkpoint = Checkpoint::new(log.name(), 0, empty_root());
        let keys = [log.verifier().clone(), witness.verifier().clone()];
        let note = checkpoint.sign(&log).unwrap();
        let cosigned = witness.cosign(&note).unwrap();
        for note in [&note, &cosigned] {
            assert_eq!(Checkpoint::open(note.as_bytes(), log.name(), &keys).unwrap(), checkpoint);
        }
        let by_witness_alone = witness.sign(&checkpoint.to_text().unwrap()).unwrap();
        let refused = Checkpoint::open(by_witness_alone.as_bytes(), log.name(), &keys);
        assert!(
            matches!(refused, Err(CheckpointError::Note(NoteError::NoKnownSignature { .. }))),
            "{refused:?}"
        );
        // The log's key under a checkpoint that names another log.
        let crossed = log
            .sign(&Checkpoint::new("example.com/other", 0, empty_root()).to_text().unwrap())
            .unwrap();
        let refused = Checkpoint::open(crossed.as_bytes(), log.name(), &keys);
        assert!(matches!(refused, Err(CheckpointError::OtherLog { .. })), "{refused:?}");
    }
}
