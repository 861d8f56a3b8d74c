import { createRequire } from 'node:module'
import { play } from '../story.mjs'

// What it takes from a browser.
globalThis.self = globalThis
globalThis.window = globalThis
globalThis.location = { origin: 'https://app.example.com', href: 'https://app.example.com/', search: '' }
globalThis.document = { cookie: '' }
globalThis.sessionStorage = globalThis.localStorage = { getItem: () => null, setItem() {}, removeItem() {} }
globalThis.navigator = { locks: { request: (name, options, run) => run({ name }) } }
delete globalThis.Worker

const { Auth0Client } = createRequire(import.meta.url)('@auth0/auth0-spa-js')
const { DOMAIN, CLIENT_ID } = process.env
const scope = 'openid profile email offline_access'
const entries = new Map()
const cache = {
  get: (key) => entries.get(key),
  set: (key, entry) => void entries.set(key, entry),
  remove: (key) => void entries.delete(key),
  allKeys: () => [...entries.keys()],
}
const client = new Auth0Client({ domain: DOMAIN, clientId: CLIENT_ID, useRefreshTokens: true, cache })
const verify = async ({ mfa_token: mfaToken, otp, recovery_code: recoveryCode }) => {
  const { access_token, recovery_code } = await client.mfa.verify({ mfaToken, otp, recoveryCode })
  return { access_token, recovery_code }
}

// A session whose access token is to be refreshed.
const refresh = (session) => {
  entries.clear()
  const claims = JSON.parse(atob(session.id_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')))
  entries.set(`@@auth0spajs@@::${CLIENT_ID}::default::${scope}`, {
    body: { ...session, client_id: CLIENT_ID, audience: 'default', scope, decodedToken: { claims, user: claims } },
    expiresAt: 1,
  })
  return client.getTokenSilently({ cacheMode: 'off' })
}

await play({
  mfa_required: ({ session }) =>
    refresh(session).then(
      () => ({}),
      (error) => (error.mfa_token ? { mfa_token: error.mfa_token } : Promise.reject(error)),
    ),
  list: async ({ mfa_token: mfaToken }) => {
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
