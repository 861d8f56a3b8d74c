//! The ten samples of Auth0's page on recovery codes, and what is known of each.
//!
//! Their sources come from the generator whose output the page's samples are: `tests/clients/samples.mjs` runs it, and
//! says what it replaces. For each call the values take the place of the placeholders, as a developer would paste them.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::super::report::{Failure, Report};
use super::known::Known;
use super::replay::{OBJECTIVE_C, SWIFT};
use super::sample::{Program, STEPS, Sample, Way};
use super::stage::Stage;
use super::{Row, install, section};

use crate::command::text;

const SAMPLES: [(Sample, [Known; STEPS.len()]); 11] = [
    (
        Sample {
            name: "cURL",
            user: "curl@example.com",
            source: "curl/sample.sh",
            way: Way::Run(Program {
                needs: &[("curl", &["curl"])],
                command: |stage, source| Ok(with(stage, "sh", source)),
                trust: |stage, command| environment(stage, command, "CURL_CA_BUNDLE"),
                note: "",
            }),
        },
        not_encoded(Known::Ok),
    ),
    (
        Sample {
            name: "C# (RestSharp)",
            user: "csharp@example.com",
            source: "csharp/sample.cs",
            way: Way::Run(Program {
                needs: &[
                    ("mcs", &["mono-mcs"]),
                    ("mono", &["mono-runtime"]),
                    ("cert-sync", &["ca-certificates-mono"]),
                ],
                command: csharp,
                trust: trusting_mono,
                note: "RestSharp's types over mono's client",
            }),
        },
        ALL_OK,
    ),
    (
        Sample {
            name: "Go (net/http)",
            user: "go@example.com",
            source: "go/sample.go",
            way: Way::Run(Program {
                needs: &[("go", &["golang-go"])],
                command: go,
                trust: |stage, command| environment(stage, command, "SSL_CERT_FILE"),
                note: "",
            }),
        },
        ALL_OK,
    ),
    (
        Sample {
            name: "Java (Unirest)",
            user: "java@example.com",
            source: "java/sample.java",
            way: Way::Run(Program {
                needs: &[
                    ("java", &["default-jdk-headless"]),
                    ("/usr/share/java/unirest-java.jar", &["libunirest-java-java"]),
                ],
                command: java,
                trust: trusting_java,
                note: "",
            }),
        },
        ALL_OK,
    ),
    (
        Sample {
            name: "Node.js (axios)",
            user: "axios@example.com",
            source: "node-axios/sample.cjs",
            way: Way::Run(Program {
                needs: &[("node", &["nodejs"])],
                command: |stage, source| {
                    let mut command = with(stage, "node", Path::new("--require"));
                    command.arg("./node-axios/prelude.cjs").arg(source);
                    Ok(command)
                },
                trust: |stage, command| environment(stage, command, "NODE_EXTRA_CA_CERTS"),
                note: "",
            }),
        },
        ALL_OK,
    ),
    (
        Sample {
            name: "Objective-C (NSURLSession)",
            user: "objc@example.com",
            source: "objc/sample.m",
            // Its header has GS_HAVE_NSURLSESSION 0, its library no such class; nor does gobjc know blocks and `@{}`.
            way: Way::Replayed {
                grammar: OBJECTIVE_C,
                reason: "Debian 12's GNUstep is built without NSURLSession",
            },
        },
        not_encoded(REPLAYED),
    ),
    (
        Sample {
            name: "PHP (curl)",
            user: "php@example.com",
            source: "php/sample.php",
            way: Way::Run(Program {
                needs: &[("php", &["php-cli", "php-curl"])],
                command: |stage, source| Ok(with(stage, "php", source)),
                trust: trusting_php,
                note: "",
            }),
        },
        ALL_OK,
    ),
    (
        Sample {
            name: "Python (http.client), as printed",
            user: "python-as-printed@example.com",
            source: "python/sample.py",
            way: Way::Run(Program {
                needs: &[("python3", &["python3"])],
                command: |stage, source| Ok(with(stage, "python3", source)),
                trust: |stage, command| environment(stage, command, "SSL_CERT_FILE"),
                note: "",
            }),
        },
        [NO_HOST, NO_HOST, NO_HOST, NO_HOST, Known::Ok],
    ),
    (
        Sample {
            name: "Python (http.client), with a host",
            user: "python@example.com",
            source: "python-with-host/sample.py",
            way: Way::Run(Program {
                needs: &[("python3", &["python3"])],
                command: |stage, source| Ok(with(stage, "python3", source)),
                trust: |stage, command| environment(stage, command, "SSL_CERT_FILE"),
                note: "",
            }),
        },
        ALL_OK,
    ),
    (
        Sample {
            name: "Ruby (net/http)",
            user: "ruby@example.com",
            source: "ruby/sample.rb",
            way: Way::Run(Program {
                needs: &[("ruby", &["ruby"])],
                command: |stage, source| Ok(with(stage, "ruby", source)),
                trust: |stage, command| environment(stage, command, "SSL_CERT_FILE"),
                note: "",
            }),
        },
        [
            Known::Ok,
            Known::Ok,
            Known::Ok,
            Known::Ok,
            Known::Defect {
                shows: "sent the code to an unknown server",
                reason: "the sample sets VERIFY_NONE: it trusts any certificate",
            },
        ],
    ),
    (
        Sample {
            name: "Swift (URLSession)",
            user: "swift@example.com",
            source: "swift/sample.swift",
            way: Way::Replayed { grammar: SWIFT, reason: "Debian 12 has no Swift" },
        },
        not_encoded(REPLAYED),
    ),
];

const ALL_OK: [Known; STEPS.len()] = [Known::Ok, Known::Ok, Known::Ok, Known::Ok, Known::Ok];

const fn not_encoded(unknown_ca: Known) -> [Known; STEPS.len()] {
    let defect = Known::Defect {
        shows: "refused: access_denied",
        reason: "the sample does not encode values: a secret with `+`, `&` or `%` arrives as another one",
    };
    [Known::Ok, Known::Ok, Known::Ok, defect, unknown_ca]
}

const REPLAYED: Known = Known::Not("what is replayed has no TLS of its own");

const NO_HOST: Known = Known::Defect {
    shows: "it said nothing",
    reason: "the sample has an empty host name, and the domain in the path: it reaches nobody",
};

pub(super) fn users() -> impl Iterator<Item = &'static str> {
    SAMPLES.iter().map(|(sample, _)| sample.user)
}

pub(super) fn check(stage: &Stage, report: &mut Report) {
    let installed = install::npm(&stage.folder);
    if installed.is_ok() {
        if let Err(reason) = text(&mut with(stage, "node", Path::new("samples.mjs"))) {
            report.fail(Failure::new("tests/clients/samples.mjs", "does not make the samples", vec![reason]));
            return;
        }
    }
    let row = |sample: &Sample| {
        println!("clients: {}", sample.name);
        Row {
            client: sample.name.to_owned(),
            how: sample.how(),
            seen: installed.clone().and_then(|()| sample.play(stage)),
        }
    };
    let rows: Vec<_> = SAMPLES.iter().map(|(sample, known)| (row(sample), known.as_slice())).collect();
    section("samples of Auth0's page (logins and enrolments are the harness's)", &STEPS, &rows, report);
}

fn with(stage: &Stage, program: &str, argument: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(argument).current_dir(&stage.folder);
    command
}

fn environment(stage: &Stage, command: &mut Command, name: &str) -> Result<(), String> {
    command.env(name, &stage.ca);
    Ok(())
}

fn csharp(stage: &Stage, source: &Path) -> Result<Command, String> {
    let program = source.with_extension("exe");
    let mut compiler = with(stage, "mcs", source);
    compiler.arg("csharp/RestSharp.cs").arg(format!("-out:{}", program.display()));
    text(&mut compiler)?;
    // Its store of authorities, empty or not, is below this folder.
    let mut command = with(stage, "mono", &program);
    command.env("XDG_CONFIG_HOME", stage.folder.join("csharp/nobody"));
    Ok(command)
}

fn trusting_mono(stage: &Stage, command: &mut Command) -> Result<(), String> {
    let home = stage.folder.join("csharp/trusting");
    // What it holds of an earlier tenant is in the way of this one's.
    let _ = fs::remove_dir_all(&home);
    text(Command::new("cert-sync").args(["--quiet", "--user"]).arg(&stage.ca).env("XDG_CONFIG_HOME", &home))?;
    command.env("XDG_CONFIG_HOME", home);
    Ok(())
}

fn go(stage: &Stage, source: &Path) -> Result<Command, String> {
    let mut command = with(stage, "go", Path::new("run"));
    command.arg(source).env("GO111MODULE", "off").env("GOCACHE", stage.folder.join("go-cache"));
    Ok(command)
}

fn java(stage: &Stage, source: &Path) -> Result<Command, String> {
    const JARS: [&str; 8] = [
        "unirest-java",
        "httpclient",
        "httpcore",
        "httpasyncclient",
        "httpcore-nio",
        "httpmime",
        "commons-logging",
        "com.android.json",
    ];
    let jars = JARS.map(|jar| Path::new("/usr/share/java").join(format!("{jar}.jar")));
    let class_path = std::env::join_paths(jars).map_err(|error| error.to_string())?;
    let mut command = Command::new("java");
    command.arg("-cp").arg(class_path).arg(source).current_dir(&stage.folder);
    Ok(command)
}

fn trusting_java(stage: &Stage, command: &mut Command) -> Result<(), String> {
    let store = stage.folder.join("java/trusted.p12");
    let _ = fs::remove_file(&store);
    let arguments = ["-importcert", "-noprompt", "-alias", "emulator", "-storepass", "changeit", "-keystore"];
    text(Command::new("keytool").args(arguments).arg(&store).arg("-file").arg(&stage.ca))?;
    command.env(
        "JAVA_TOOL_OPTIONS",
        format!("-Djavax.net.ssl.trustStore={} -Djavax.net.ssl.trustStorePassword=changeit", store.display()),
    );
    Ok(())
}

/// A folder of settings that it reads beside its own.
fn trusting_php(stage: &Stage, command: &mut Command) -> Result<(), String> {
    let settings = stage.folder.join("php/trusting");
    let told = fs::create_dir_all(&settings)
        .and_then(|()| fs::write(settings.join("ca.ini"), format!("curl.cainfo={}\n", stage.ca.display())));
    command.env("PHP_INI_SCAN_DIR", format!(":{}", settings.display()));
    told.map_err(|error| error.to_string())
}
