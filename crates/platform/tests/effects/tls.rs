//! The server's end of TLS, under an authority of these tests alone.

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::net::TcpStream;
use std::sync::Arc;

/// Signed the server's certificate, whose name is `localhost`.
pub const AUTHORITY: &[u8] = include_bytes!("tls/authority.pem");

/// A connection whose other end sees nothing unprotected.
pub type Protected = StreamOwned<ServerConnection, TcpStream>;

/// Puts TLS around a connection that was made to us.
pub fn accept() -> impl Fn(TcpStream) -> Protected + Send + 'static {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    move |tcp| StreamOwned::new(ServerConnection::new(config.clone()).unwrap(), tcp)
}
