//! Files by their content: durable, verified on read, bounded; on a directory and on an S3 server.

#![expect(clippy::unwrap_used, reason = "a test may stop where it stands")]

use platform::blobs::{BlobError, Blobs, LocalStore};
use std::io::Read;

fn local() -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::new(LocalStore::open(folder.path()).unwrap());
    (folder, blobs)
}

#[test]
fn what_goes_in_comes_out_under_its_digest() {
    let (_folder, blobs) = local();
    let blob = blobs.put_bytes(b"abc").unwrap();
    assert_eq!(blob.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(blobs.read(&blob.sha256, 3).unwrap(), b"abc");
    assert_eq!(blobs.put_bytes(b"abc").unwrap(), blob);
    assert_eq!(blobs.names().unwrap(), vec![blob.sha256.clone()]);
    assert!(matches!(blobs.read(&blob.sha256, 2), Err(BlobError::TooLarge { max: 2 })));
    let empty = blobs.put_bytes(b"").unwrap();
    assert_eq!(blobs.read(&empty.sha256, 0).unwrap(), b"");
}

#[test]
fn altered_and_missing_files_are_errors() {
    let (folder, blobs) = local();
    let blob = blobs.put_bytes(b"evidence").unwrap();
    let path = folder.path().join(&blob.sha256[..2]).join(&blob.sha256[2..]);
    std::fs::write(&path, b"evidencf").unwrap();
    assert!(matches!(blobs.read(&blob.sha256, 100), Err(BlobError::Altered(_))));
    assert!(matches!(blobs.verify(&blob.sha256), Err(BlobError::Altered(_))));
    let mut all = Vec::new();
    assert!(blobs.open(&blob.sha256).unwrap().read_to_end(&mut all).is_err());
    std::fs::write(&path, b"evid").unwrap();
    assert!(matches!(blobs.verify(&blob.sha256), Err(BlobError::Altered(_))));
    std::fs::remove_file(&path).unwrap();
    assert!(matches!(blobs.read(&blob.sha256, 100), Err(BlobError::Missing(_))));
    assert!(matches!(blobs.read("../../etc/passwd", 100), Err(BlobError::NotAName(_))));
}

#[test]
fn what_is_too_large_or_cut_off_leaves_nothing() {
    struct Cut(u8);
    impl Read for Cut {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            self.0 += 1;
            if self.0 > 3 {
                return Err(std::io::Error::new(std::io::ErrorKind::ConnectionReset, "gone"));
            }
            buf.fill(b'x');
            Ok(buf.len())
        }
    }
    let (folder, blobs) = local();
    assert!(matches!(blobs.put(&mut Cut(0), 1 << 30), Err(BlobError::Io(_))));
    assert!(matches!(blobs.put(&mut std::io::repeat(1), 1000), Err(BlobError::TooLarge { .. })));
    assert!(blobs.names().unwrap().is_empty());
    assert_eq!(std::fs::read_dir(folder.path().join("incoming")).unwrap().count(), 0);
}
