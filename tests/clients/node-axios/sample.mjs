import axios from 'axios'

const { DOMAIN, CLIENT_ID, CLIENT_SECRET, MFA_TOKEN, RECOVERY_CODE } = process.env
const request = {
  method: 'POST',
  url: `https://${DOMAIN}/oauth/token`,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  data: new URLSearchParams({
    grant_type: 'http://auth0.com/oauth/grant-type/mfa-recovery-code',
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
    mfa_token: MFA_TOKEN,
    recovery_code: RECOVERY_CODE,
  }),
}

axios.request(request).then(
  (response) => console.log(JSON.stringify(response.data)),
  (error) => console.log(JSON.stringify(error.response?.data ?? { failed: error.code })),
)
