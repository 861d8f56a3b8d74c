//! `NO_PROXY`: the hosts that are reached without a proxy.

use std::net::IpAddr;

/// Hosts that are reached without a proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NoProxy(Vec<Rule>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    hosts: Hosts,
    port: Option<u16>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Hosts {
    Every,
    /// This name and all below it.
    Below(String),
    /// The addresses that begin with the same bits.
    Network(IpAddr, u32),
}

impl NoProxy {
    /// Reads entries with commas or spaces between them: a name, which stands for itself and every name below it (a
    /// leading `.` or `*.` changes nothing), an address, a network such as `10.0.0.0/8`, or `*` for every host. A port
    /// may follow a name or an address (`[::1]:8443`). What is none of these covers nothing.
    pub fn parse(text: &str) -> Self {
        let entries = text.split([',', ' ', '\t']).map(str::trim).filter(|entry| !entry.is_empty());
        Self(entries.filter_map(rule).collect())
    }

    /// Whether a host (a name, or an address without brackets) is among them at this port.
    pub fn covers(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|rule| rule.port.is_none_or(|only| only == port) && rule.hosts.cover(host))
    }
}

impl Hosts {
    fn cover(&self, host: &str) -> bool {
        match self {
            Self::Every => true,
            Self::Below(name) => is_at_or_below(host.trim_end_matches('.'), name),
            Self::Network(network, bits) => host
                .parse()
                .is_ok_and(|address: IpAddr| first_bits(address, *bits) == first_bits(*network, *bits)),
        }
    }
}

fn is_at_or_below(host: &str, name: &str) -> bool {
    let Some(split) = host.len().checked_sub(name.len()) else { return false };
    let (Some(above), Some(end)) = (host.get(..split), host.get(split..)) else { return false };
    end.eq_ignore_ascii_case(name) && (above.is_empty() || above.ends_with('.'))
}

/// The family and the first bits of an address.
fn first_bits(address: IpAddr, bits: u32) -> (bool, u128) {
    let (is_v4, whole, width) = match address {
        IpAddr::V4(address) => (true, u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (false, address.to_bits(), 128),
    };
    // No bits at all is a shift by the whole width, which there is none of.
    (is_v4, whole.checked_shr(width - bits.min(width)).unwrap_or(0))
}

fn rule(entry: &str) -> Option<Rule> {
    if entry == "*" {
        return Some(Rule { hosts: Hosts::Every, port: None });
    }
    if let Some((network, bits)) = entry.split_once('/') {
        let hosts = Hosts::Network(network.parse().ok()?, bits.parse().ok()?);
        return Some(Rule { hosts, port: None });
    }
    if let Some(address) = address(entry) {
        return Some(Rule { hosts: Hosts::Network(address, 128), port: None });
    }
    let (host, port) = match entry.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse().ok()?)),
        None => (entry, None),
    };
    if let Some(address) = address(host) {
        return Some(Rule { hosts: Hosts::Network(address, 128), port });
    }
    let name = host.trim_start_matches("*.").trim_start_matches('.').trim_end_matches('.');
    let is_name = !name.is_empty() && !name.contains(['*', ':', '[', ']']);
    is_name.then(|| Rule { hosts: Hosts::Below(name.to_owned()), port })
}

/// An address, with or without brackets.
fn address(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(text).parse().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn covers(list: &str, host: &str) -> bool {
        NoProxy::parse(list).covers(host, 443)
    }

    #[test]
    fn a_name_stands_for_itself_and_all_below_it() {
        for list in
            ["example.com", ".example.com", "*.example.com", "other, EXAMPLE.com.", "other example.com"]
        {
            for host in ["example.com", "login.example.com", "a.b.Example.COM", "example.com."] {
                assert!(covers(list, host), "{list} and {host}");
            }
            for host in ["badexample.com", "example.com.evil.test", "com", "example.org", "xample.com"] {
                assert!(!covers(list, host), "{list} and {host}");
            }
        }
    }

    #[test]
    fn addresses_and_networks_cover_addresses() {
        for (list, inside, outside) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.70"),
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.1"),
            ("192.0.2.128/25", "192.0.2.129", "192.0.2.127"),
            ("2001:db8::/32", "2001:db8:1::1", "2001:db9::1"),
            ("[2001:db8::1]", "2001:db8::1", "2001:db8::2"),
            ("0.0.0.0/0", "203.0.113.1", "2001:db8::1"),
        ] {
            assert!(covers(list, inside), "{list} and {inside}");
            assert!(!covers(list, outside), "{list} and {outside}");
            assert!(!covers(list, "example.com"), "{list}");
        }
    }

    #[test]
    fn a_port_narrows_an_entry() {
        let list = NoProxy::parse("example.com:8443,[2001:db8::1]:443,192.0.2.1:80");
        assert!(list.covers("example.com", 8443) && !list.covers("example.com", 443));
        assert!(list.covers("2001:db8::1", 443) && !list.covers("2001:db8::1", 444));
        assert!(list.covers("192.0.2.1", 80) && !list.covers("192.0.2.1", 443));
    }

    #[test]
    fn a_star_covers_everything_and_nonsense_nothing() {
        assert!(covers("*", "example.com") && covers("a,*", "192.0.2.1"));
        for list in ["", ",", " ", "exam*ple.com", "10.0.0.0/x", "example.com:port", "/", ":", "."] {
            assert!(!covers(list, "example.com"), "{list}");
        }
    }

    proptest! {
        #[test]
        fn any_text_and_any_host_are_taken(list in any::<String>(), host in any::<String>(), port: u16) {
            let _ = NoProxy::parse(&list).covers(&host, port);
        }
    }
}
