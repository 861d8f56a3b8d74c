//! The request of a source that cannot be run here: read out of the source itself, and sent by a client of ours.

use auth0_mfa_core::Body;
use auth0_mfa_core::transport::BlockingTransport;
use auth0_mfa_transport_ureq::UreqTransport;
use serde_json::Value;

use super::stage::Stage;

/// How a language of Apple's writes a request: what stands before the string literals that make it.
pub(super) struct Grammar {
    url: &'static str,
    method: &'static str,
    header_name: &'static str,
    header_value: &'static str,
    /// What is appended to the body.
    body: &'static [&'static str],
    /// Literals that are no part of the request.
    other: &'static [&'static str],
    /// What hands the headers and the body to the request.
    given: [&'static str; 2],
}

pub(super) const OBJECTIVE_C: Grammar = Grammar {
    url: "[NSURL URLWithString:@",
    method: "[request setHTTPMethod:@",
    header_name: "*headers = @{ @",
    header_value: ": @",
    body: &["[[NSMutableData alloc] initWithData:[@", "[postData appendData:[@"],
    other: &["NSLog(@"],
    given: ["[request setAllHTTPHeaderFields:headers];", "[request setHTTPBody:postData];"],
};

pub(super) const SWIFT: Grammar = Grammar {
    url: "NSURL(string: ",
    method: "request.httpMethod = ",
    header_name: "let headers = [",
    header_value: ": ",
    body: &["NSMutableData(data: ", "postData.append("],
    other: &[],
    given: ["request.allHTTPHeaderFields = headers", "request.httpBody = postData as Data"],
};

/// What the server says to the request of a source.
pub(super) fn replay(stage: &Stage, grammar: &Grammar, source: &str) -> Result<Value, String> {
    let ca = std::fs::read(&stage.ca).map_err(|error| error.to_string())?;
    let transport = UreqTransport::builder().add_root_pem(&ca).and_then(auth0_mfa_transport::Builder::build);
    let transport = transport.map_err(|error| error.to_string())?;
    let request = grammar.request(source)?.map(|body| Body::from(body.into_bytes()));
    let reply = transport.send(request).map_err(|error| error.to_string())?;
    serde_json::from_slice(reply.body().expose()).map_err(|error| error.to_string())
}

impl Grammar {
    /// The request that the source builds. A literal without a known place in it is an error.
    fn request(&self, source: &str) -> Result<http::Request<String>, String> {
        if let Some(given) = self.given.iter().find(|given| !source.contains(**given)) {
            return Err(format!("its source has no {given}"));
        }
        let (mut url, mut method, mut name, mut value) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut body = String::new();
        for (before, literal) in literals(source)? {
            let follows = |place: &&str| before.ends_with(*place);
            if follows(&self.url) {
                url.push(literal);
            } else if follows(&self.method) {
                method.push(literal);
            } else if self.body.iter().any(follows) {
                body.push_str(literal);
            } else if before == self.header_value {
                value.push(literal);
            } else if follows(&self.header_name) {
                name.push(literal);
            } else if !self.other.iter().any(follows) {
                return Err("its source has a literal that is not known".to_owned());
            }
        }
        let ([url], [method], [name], [value]) = (&*url, &*method, &*name, &*value) else {
            return Err("its source has not one URL, one method and one header".to_owned());
        };
        let request = http::Request::builder().method(*method).uri(*url).header(*name, *value).body(body);
        request.map_err(|error| format!("its source builds no request: {error}"))
    }
}

/// The string literals of a source, each with what stands between it and the one before.
fn literals(source: &str) -> Result<Vec<(&str, &str)>, String> {
    if source.contains('\\') {
        return Err("its source has a literal with an escape".to_owned());
    }
    let mut parts = source.split('"');
    let mut found = Vec::new();
    while let (Some(before), Some(literal)) = (parts.next(), parts.next()) {
        found.push((before, literal));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const IN_SWIFT: &str = r#"
        let headers = ["accept": "text/plain"]
        let postData = NSMutableData(data: "a=b".data(using: String.Encoding.utf8)!)
        postData.append("&c=d e".data(using: String.Encoding.utf8)!)
        let request = NSMutableURLRequest(url: NSURL(string: "https://localhost/form")! as URL)
        request.httpMethod = "PUT"
        request.allHTTPHeaderFields = headers
        request.httpBody = postData as Data
    "#;

    const IN_OBJECTIVE_C: &str = r#"
        NSDictionary *headers = @{ @"accept": @"text/plain" };
        postData = [[NSMutableData alloc] initWithData:[@"a=b" dataUsingEncoding:NSUTF8StringEncoding]];
        [postData appendData:[@"&c=d e" dataUsingEncoding:NSUTF8StringEncoding]];
        request = [NSMutableURLRequest requestWithURL:[NSURL URLWithString:@"https://localhost/form"]];
        [request setHTTPMethod:@"PUT"];
        [request setAllHTTPHeaderFields:headers];
        [request setHTTPBody:postData];
        NSLog(@"%@", error);
    "#;

    #[test]
    fn the_request_of_a_source_is_what_its_literals_say() {
        for (grammar, source) in [(SWIFT, IN_SWIFT), (OBJECTIVE_C, IN_OBJECTIVE_C)] {
            let request = grammar.request(source).expect("it can be read");
            assert_eq!(request.method(), "PUT");
            assert_eq!(request.uri(), "https://localhost/form");
            assert_eq!(request.headers()["accept"], "text/plain");
            assert_eq!(request.headers().len(), 1);
            assert_eq!(request.body(), "a=b&c=d e");
        }
    }

    #[test]
    fn a_source_that_is_not_wholly_understood_is_an_error() {
        for (part, other) in [
            ("request.httpMethod = \"PUT\"", ""),
            ("request.httpBody = postData as Data", ""),
            ("request.allHTTPHeaderFields = headers", ""),
            ("\"text/plain\"", "plain"),
            ("NSURL(string: ", "URL(string: "),
            ("postData.append(", "postData.prepend("),
            ("a=b", "a=\\(b)"),
        ] {
            assert!(IN_SWIFT.contains(part), "{part}");
            assert!(SWIFT.request(&IN_SWIFT.replace(part, other)).is_err(), "{part}");
        }
    }
}
