import { AuthClient } from '@auth0/auth0-auth-js'
import { play } from '../story.mjs'

const { DOMAIN, CLIENT_ID, CLIENT_SECRET } = process.env
const client = new AuthClient({ domain: DOMAIN, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET })
const told = ({ accessToken, recoveryCode }) => ({ access_token: accessToken, recovery_code: recoveryCode })

await play({
  mfa_required: ({ username, password }) =>
    client.getTokenByPassword({ username, password }).then(
      () => ({}),
      (error) => ({ mfa_token: error.cause.mfa_token }),
    ),
  list: async ({ mfa_token: mfaToken }) => ({
    authenticators: (await client.mfa.listAuthenticators({ mfaToken })).map((it) => ({
      id: it.id,
      authenticator_type: it.authenticatorType,
      active: it.active,
      oob_channel: it.oobChannels?.[0],
    })),
  }),
  associate: async ({ mfa_token: mfaToken }) => {
    const { secret, recoveryCodes } = await client.mfa.enrollAuthenticator({ authenticatorTypes: ['otp'], mfaToken })
    return { secret, recovery_codes: recoveryCodes }
  },
  confirm: async ({ mfa_token: mfaToken, otp }) => told(await client.mfa.verify({ factorType: 'otp', mfaToken, otp })),
  recover: async ({ mfa_token: mfaToken, recovery_code: recoveryCode }) =>
    told(await client.mfa.verify({ factorType: 'recovery-code', mfaToken, recoveryCode })),
}, (error) => error.cause?.error)
