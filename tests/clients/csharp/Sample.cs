// Debian has no RestSharp: the same request through the client of mono.
using System;
using System.IO;
using System.Net;

static class Sample {
    static string Value(string name) { return Environment.GetEnvironmentVariable(name); }

    static void Main() {
        var request = (HttpWebRequest) WebRequest.Create("https://" + Value("DOMAIN") + "/oauth/token");
        request.Method = "POST";
        request.ContentType = "application/x-www-form-urlencoded";
        using (var body = new StreamWriter(request.GetRequestStream()))
            body.Write("grant_type=http%3A%2F%2Fauth0.com%2Foauth%2Fgrant-type%2Fmfa-recovery-code&client_id=" + Value("CLIENT_ID")
                + "&client_secret=" + Value("CLIENT_SECRET") + "&mfa_token=" + Value("MFA_TOKEN")
                + "&recovery_code=" + Value("RECOVERY_CODE"));
        Console.WriteLine(new StreamReader(Answer(request).GetResponseStream()).ReadToEnd());
    }

    // RestSharp has a response for every status; this client throws for some.
    static WebResponse Answer(HttpWebRequest request) {
        try { return request.GetResponse(); }
        catch (WebException error) { if (error.Response == null) throw; return error.Response; }
    }
}
