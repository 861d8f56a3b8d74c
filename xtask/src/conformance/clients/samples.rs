//! The ten samples of Auth0's page on recovery codes.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::super::report::Report;
use super::known::Known;
use super::sample::{Program, STEPS, Sample, Values, Way};
use super::stage::Stage;
use super::{Row, install, section};

use crate::command::{run, text};

const SAMPLES: [(Sample, [Known; STEPS.len()]); 11] = [
    (
        Sample {
            name: "cURL",
            user: "curl@example.com",
            encodes: false,
            way: Way::Run(Program {
                needs: &[("curl", &["curl"])],
                command: |stage| Ok(with(stage, "sh", "curl/sample.sh")),
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
            encodes: true,
            way: Way::Run(Program {
                needs: &[
                    ("mcs", &["mono-mcs"]),
                    ("mono", &["mono-runtime"]),
                    ("cert-sync", &["ca-certificates-mono"]),
                ],
                command: csharp,
                trust: trusting_mono,
                note: "with mono's HttpWebRequest",
            }),
        },
        ALL_OK,
    ),
    (
        Sample {
            name: "Go (net/http)",
            user: "go@example.com",
            encodes: true,
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
            encodes: true,
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
            encodes: false,
            way: Way::Run(Program {
                needs: &[("node", &["nodejs"])],
                command: |stage| {
                    install::npm(&stage.folder)?;
                    Ok(with(stage, "node", "node-axios/sample.mjs"))
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
            encodes: false,
            way: Way::Replayed { body: raw_body, reason: "gobjc has no blocks" },
        },
        not_encoded(REPLAYED),
    ),
    (
        Sample {
            name: "PHP (curl)",
            user: "php@example.com",
            encodes: true,
            way: Way::Run(Program {
                needs: &[("php", &["php-cli", "php-curl"])],
                command: |stage| Ok(with(stage, "php", "php/sample.php")),
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
            encodes: true,
            way: Way::Run(Program {
                needs: &[("python3", &["python3"])],
                command: |stage| {
                    let mut command = with(stage, "env", "HOST=");
                    command.args(["TARGET=/{yourDomain}/oauth/token", "python3"]);
                    command.arg(stage.folder.join("python/sample.py"));
                    Ok(command)
                },
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
            encodes: true,
            way: Way::Run(Program {
                needs: &[("python3", &["python3"])],
                command: |stage| Ok(with(stage, "python3", "python/sample.py")),
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
            encodes: true,
            way: Way::Run(Program {
                needs: &[("ruby", &["ruby"])],
                command: |stage| Ok(with(stage, "ruby", "ruby/sample.rb")),
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
            encodes: false,
            way: Way::Replayed { body: raw_body, reason: "Debian 12 has no Swift" },
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
    let row = |sample: &Sample| {
        println!("clients: {}", sample.name);
        Row { client: sample.name.to_owned(), how: sample.how(), seen: sample.play(stage) }
    };
    let rows: Vec<_> = SAMPLES.iter().map(|(sample, known)| (row(sample), known.as_slice())).collect();
    section("samples of Auth0's page (logins and enrolments are the harness's)", &STEPS, &rows, report);
}

fn with(stage: &Stage, program: &str, argument: &str) -> Command {
    let mut command = Command::new(program);
    command.arg(argument).current_dir(&stage.folder);
    command
}

fn environment(stage: &Stage, command: &mut Command, name: &str) -> Result<(), String> {
    command.env(name, &stage.ca);
    Ok(())
}

/// The one body that the samples build which do not encode.
fn raw_body(values: &Values<'_>) -> String {
    format!(
        "grant_type=http://auth0.com/oauth/grant-type/mfa-recovery-code&client_id={}&client_secret={}&mfa_token={}\
         &recovery_code={}",
        values.client_id, values.client_secret, values.mfa_token, values.recovery_code
    )
}

fn csharp(stage: &Stage) -> Result<Command, String> {
    let folder = stage.folder.join("csharp");
    if !folder.join("Sample.exe").exists() {
        run(Command::new("mcs").arg("Sample.cs").current_dir(&folder))?;
    }
    // Its store of authorities, empty or not, is below this folder.
    let mut command = with(stage, "mono", "csharp/Sample.exe");
    command.env("XDG_CONFIG_HOME", folder.join("nobody"));
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

fn go(stage: &Stage) -> Result<Command, String> {
    let mut command = with(stage, "go", "run");
    command.arg("go/sample.go").env("GO111MODULE", "off").env("GOCACHE", stage.folder.join("go-cache"));
    Ok(command)
}

fn java(stage: &Stage) -> Result<Command, String> {
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
    command.arg("-cp").arg(class_path).arg("java/Sample.java").current_dir(&stage.folder);
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
