//! Where the server may be, and whether a key may go there: rules that need no network.

use std::net::IpAddr;

use crate::{Error, Result};

/// Where there is none given, nor `LOCI_ADDRESS`.
pub(crate) const DEFAULT: &str = "127.0.0.1:50051";

/// `HOST:PORT`, or `unix:PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address(String);

impl Address {
    /// Refuses what has a scheme, no host or no port.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let given = text.strip_prefix("dns:").unwrap_or(text).trim_start_matches('/');
        let refused = |why: &str| Err(Error::refused(format!("{text:?} is not an address: {why}")));
        if text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
            return refused("give HOST:PORT, without spaces");
        }
        if is_unix(given) {
            if given.trim_start_matches("unix:").trim_matches('/').is_empty() {
                return refused("there is nothing behind unix:");
            }
            return Ok(Self(given.to_owned()));
        }
        if given.contains("://") {
            return refused("give HOST:PORT, without a scheme");
        }
        match host_and_port(given) {
            Some((host, port)) if is_host(host) => match port.parse::<u16>() {
                Ok(1..) if !port.starts_with('+') => Ok(Self(given.to_owned())),
                _ => refused("give HOST:PORT, with a port from 1 to 65535"),
            },
            _ => refused("give HOST:PORT"),
        }
    }

    /// As given, to be shown.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As tonic wants it.
    pub(crate) fn uri(&self, tls: bool) -> String {
        match (is_unix(&self.0), tls) {
            (true, _) => self.0.clone(),
            (false, true) => format!("https://{}", self.0),
            (false, false) => format!("http://{}", self.0),
        }
    }

    /// Whether it is this machine: a loopback address or a Unix socket.
    pub(crate) fn is_local(&self) -> bool {
        if is_unix(&self.0) {
            return true;
        }
        let host = host_and_port(&self.0).map_or("", |(host, _)| host);
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback())
    }
}

fn is_unix(address: &str) -> bool {
    address.starts_with("unix:")
}

fn is_host(host: &str) -> bool {
    !host.is_empty() && !host.contains(['/', ',', '@'])
}

/// The host without its brackets.
fn host_and_port(address: &str) -> Option<(&str, &str)> {
    if let Some(rest) = address.strip_prefix('[') {
        return rest.split_once("]:");
    }
    address.split_once(':').filter(|(_, port)| !port.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Address {
        Address::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn loopback_is_local_however_it_is_written() {
        for text in
            ["127.0.0.1:50051", "127.9.9.9:1", "localhost:50051", "LOCALHOST:1", "[::1]:50051", "unix:/run/loci"]
        {
            assert!(parsed(text).is_local(), "{text}");
        }
        assert!(parsed("[::ffff:127.0.0.1]:1").is_local());
    }

    #[test]
    fn other_machines_are_not_local() {
        for text in
            ["10.0.0.7:50051", "loci.example:443", "[2001:db8::1]:50051", "127.0.0.1.example:1", "localhost.example:1"]
        {
            assert!(!parsed(text).is_local(), "{text}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "loci",
            "http://loci:1",
            "loci:",
            ":50051",
            "loci:port",
            "loci:70000",
            "loci:0",
            "loci:+1",
            "::1",
            "[::1]",
            "a:1/b",
            " 127.0.0.1:1",
            "127.0.0.1:1 ",
            "loci:1\n",
            "a,b:1",
            "user@loci:1",
            "unix:",
            "unix:///",
        ] {
            let error = Address::parse(text).expect_err(text);
            assert!(error.message().contains("is not an address"), "{error}");
        }
    }

    #[test]
    fn the_scheme_follows_tls() {
        assert_eq!(parsed("loci:1").uri(true), "https://loci:1");
        assert_eq!(parsed("dns:///loci:1").uri(false), "http://loci:1");
        assert_eq!(parsed("unix:/run/loci").uri(false), "unix:/run/loci");
    }
}
