//! From which network address a request comes, as far as it can be known.

use super::App;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::request::Parts;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

/// The proxies through which a deployment is reached, put into the application's extensions by the
/// composition: their `X-Forwarded-For` is believed, nobody else's.
#[derive(Debug, Clone, Default)]
pub struct Proxies(pub Vec<IpAddr>);

impl Proxies {
    /// The address that counts: the peer's, or behind a known proxy the last one in `forwarded` that
    /// is not a known proxy itself.
    #[must_use]
    pub fn origin(&self, peer: Option<IpAddr>, forwarded: Option<&str>) -> Option<IpAddr> {
        let peer = peer?;
        if !self.0.contains(&peer) {
            return Some(peer);
        }
        let hop = forwarded
            .unwrap_or_default()
            .rsplit(',')
            .take(20)
            .map_while(|hop| hop.trim().parse::<IpAddr>().ok())
            .find(|hop| !self.0.contains(hop));
        Some(hop.unwrap_or(peer))
    }
}

/// Where a request comes from; nothing where the listener does not tell (in tests).
#[derive(Debug, Clone, Copy, Default)]
pub struct From(pub Option<IpAddr>);

impl From {
    /// A text for counting requests by: the address, or the network of one IPv6 subscriber (/64), who
    /// has as many addresses as they like.
    #[must_use]
    pub fn network(self) -> Option<String> {
        self.0.map(|from| match from.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        })
    }
}

impl FromRequestParts<App> for From {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip());
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|v| v.to_str().ok());
        let proxies = app.extensions.get::<Proxies>();
        Ok(Self(proxies.map_or(peer, |proxies| proxies.origin(peer, forwarded))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_known_proxies_are_believed() {
        let proxies = Proxies(vec![ip("10.0.0.1"), ip("10.0.0.2")]);
        let from = |peer: &str, forwarded| proxies.origin(Some(ip(peer)), forwarded);
        assert_eq!(from("192.0.2.9", Some("1.2.3.4")), Some(ip("192.0.2.9")));
        assert_eq!(from("10.0.0.1", Some("6.6.6.6, 1.2.3.4, 10.0.0.2")), Some(ip("1.2.3.4")));
        assert_eq!(from("10.0.0.1", Some("nonsense")), Some(ip("10.0.0.1")));
        assert_eq!(from("10.0.0.1", None), Some(ip("10.0.0.1")));
        assert_eq!(proxies.origin(None, Some("1.2.3.4")), None);
    }

    #[test]
    fn an_ipv6_subscriber_is_one_network() {
        let network = |text: &str| From(Some(ip(text))).network().unwrap();
        assert_eq!(network("2001:db8:0:1::1"), network("2001:db8:0:1:ffff::2"));
        assert_ne!(network("2001:db8:0:1::1"), network("2001:db8:0:2::1"));
        assert_eq!(network("192.0.2.9"), "192.0.2.9");
        assert_eq!(network("::ffff:192.0.2.9"), "192.0.2.9");
        assert_eq!(From(None).network(), None);
    }
}
