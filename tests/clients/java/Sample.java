import com.mashape.unirest.http.HttpResponse;
import com.mashape.unirest.http.Unirest;

class Sample {
    public static void main(String[] arguments) throws Exception {
        HttpResponse<String> response = Unirest.post("https://" + System.getenv("DOMAIN") + "/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body("grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-recovery-code&client_id="
                + System.getenv("CLIENT_ID") + "&client_secret=" + System.getenv("CLIENT_SECRET")
                + "&mfa_token=" + System.getenv("MFA_TOKEN") + "&recovery_code=" + System.getenv("RECOVERY_CODE"))
            .asString();
        System.out.println(response.getBody());
        Unirest.shutdown();
    }
}
