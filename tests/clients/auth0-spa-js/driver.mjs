import { createRequire } from 'node:module'
import { play } from '../story.mjs'

// What it takes from a browser.
globalThis.self = globalThis
globalThis.window = globalThis
globalThis.location = { origin: 'https://app.example.com', href: 'https://app.example.com/', search: '' }
globalThis.document = { cookie: '' }
globalThis.sessionStorage = globalThis.localStorage = { getItem: () => null, setItem() {}, removeItem() {} }
delete globalThis.Worker

const { Auth0Client } = createRequire(import.meta.url)('@auth0/auth0-spa-js')
const { DOMAIN, CLIENT_ID } = process.env
const client = new Auth0Client({ domain: DOMAIN, clientId: CLIENT_ID })
// What it does itself when a refresh is answered with mfa_required.
const known = (mfaToken) => client.mfa.setMFAAuthDetails(mfaToken, 'openid profile')
const verify = async ({ mfa_token: mfaToken, otp, recovery_code: recoveryCode }) => {
  known(mfaToken)
  const { access_token, recovery_code } = await client.mfa.verify({ mfaToken, otp, recoveryCode })
  return { access_token, recovery_code }
}

await play({
  list: async ({ mfa_token: mfaToken }) => {
    known(mfaToken)
    return {
      authenticators: (await client.mfa.getAuthenticators(mfaToken)).map((it) => ({
        id: it.id,
        authenticator_type: it.authenticatorType,
        active: it.active,
        oob_channel: it.oobChannels?.[0],
      })),
    }
  },
  associate: async ({ mfa_token: mfaToken }) => {
    const { secret, recoveryCodes } = await client.mfa.enroll({ factorType: 'otp', mfaToken })
    return { secret, recovery_codes: recoveryCodes }
  },
  confirm: verify,
  recover: verify,
}, (error) => (error.error === 'generic_error' ? undefined : error.error))
