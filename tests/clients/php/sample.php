<?php
$curl = curl_init();
curl_setopt_array($curl, [
    CURLOPT_URL => 'https://' . getenv('DOMAIN') . '/oauth/token',
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_ENCODING => '',
    CURLOPT_MAXREDIRS => 10,
    CURLOPT_TIMEOUT => 30,
    CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_1_1,
    CURLOPT_CUSTOMREQUEST => 'POST',
    CURLOPT_POSTFIELDS => 'grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-recovery-code'
        . '&client_id=' . getenv('CLIENT_ID') . '&client_secret=' . getenv('CLIENT_SECRET')
        . '&mfa_token=' . getenv('MFA_TOKEN') . '&recovery_code=' . getenv('RECOVERY_CODE'),
    CURLOPT_HTTPHEADER => ['content-type: application/x-www-form-urlencoded'],
]);
$response = curl_exec($curl);
echo $response === false ? 'cURL error: ' . curl_error($curl) : $response;
