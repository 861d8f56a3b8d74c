// Generates the samples of Auth0's page on recovery codes, placeholders and all, into the folders of their languages.
//
// The page's samples are the output of `httpsnippet` for one request, and so are these; nothing is copied. What the
// page has otherwise is replaced below. A replacement that finds nothing is an error: then the generator is another.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import HTTPSnippet from 'httpsnippet'

const FORM = 'application/x-www-form-urlencoded'

const request = new HTTPSnippet({
  method: 'POST',
  url: 'https://{yourDomain}/oauth/token',
  httpVersion: 'HTTP/1.1',
  headers: [{ name: 'content-type', value: FORM }],
  postData: {
    mimeType: FORM,
    params: [
      { name: 'grant_type', value: 'http://auth0.com/oauth/grant-type/mfa-recovery-code' },
      { name: 'client_id', value: '{yourClientId}' },
      { name: 'client_secret', value: '{yourClientSecret}' },
      { name: 'mfa_token', value: '{mfaToken}' },
      { name: 'recovery_code', value: '{recoveryCode}' },
    ],
  },
})

// The generator takes `{yourDomain}` for a path, and encodes it; the page has the placeholder where a host stands.
const DOMAIN = ['https:///%7ByourDomain%7D', 'https://{yourDomain}']
// The generator encodes every value of a form; the page has this one placeholder as it is.
const CLIENT_ID = ['%7ByourClientId%7D', '{yourClientId}']
// The generator quotes a URL only where the shell needs it; the page always does.
const QUOTED = ['--url https://{yourDomain}/oauth/token', "--url 'https://{yourDomain}/oauth/token'"]
// The generator hands axios an object; the page makes a form of it.
const FORM_BEGINS = ['data: {', 'data: new URLSearchParams({']
const FORM_ENDS = ["'{recoveryCode}'\n  }", "'{recoveryCode}'\n  })"]
// In Python the placeholder is the path of an empty host, on the page with a slash and not encoded.
const PATH = ['"%7ByourDomain%7D/oauth/token"', '"/{yourDomain}/oauth/token"']

// Not as printed: what makes a request of the Python sample that reaches its host.
const HOST = ['HTTPSConnection("")', 'HTTPSConnection("{yourDomain}")']
const NO_DOMAIN = ['"/{yourDomain}/oauth/token"', '"/oauth/token"']

print('curl/sample.sh', 'shell', 'curl', [DOMAIN, QUOTED])
print('csharp/sample.cs', 'csharp', 'restsharp', [DOMAIN, CLIENT_ID])
print('go/sample.go', 'go', 'native', [DOMAIN, CLIENT_ID])
print('java/sample.java', 'java', 'unirest', [DOMAIN, CLIENT_ID])
// Its `require` is an error in a module.
print('node-axios/sample.cjs', 'node', 'axios', [DOMAIN, FORM_BEGINS, FORM_ENDS])
print('objc/sample.m', 'objc', 'nsurlsession', [DOMAIN])
print('php/sample.php', 'php', 'curl', [DOMAIN, CLIENT_ID])
print('python/sample.py', 'python', 'python3', [CLIENT_ID, PATH])
print('python-with-host/sample.py', 'python', 'python3', [CLIENT_ID, PATH, HOST, NO_DOMAIN])
print('ruby/sample.rb', 'ruby', 'native', [DOMAIN, CLIENT_ID])
print('swift/sample.swift', 'swift', 'nsurlsession', [DOMAIN])

function print(path, target, client, replacements) {
  const printed = replacements.reduce(replaced, request.convert(target, client))
  mkdirSync(new URL('.', at(path)), { recursive: true })
  writeFileSync(at(path), program(path, printed) + '\n')
}

function replaced(text, [generated, printed]) {
  if (text.split(generated).length !== 2) throw new Error(`${generated} does not stand once in:\n${text}`)
  return text.replace(generated, () => printed)
}

// Some are statements only; what makes a program of them stands around them.
function program(path, printed) {
  const around = at(path.replace('sample.', 'around.'))
  if (!existsSync(around)) return printed
  return replaced(readFileSync(around, 'utf8').trimEnd(), ['{printed}', printed])
}

function at(path) {
  return new URL(path, import.meta.url)
}
