// Debian has no RestSharp. These are the types of its old API that the sample names, as far as it uses them, over the
// HTTP client of mono.
using System;
using System.IO;
using System.Net;

namespace RestSharp {
    public enum Method { GET, POST }

    public enum ParameterType { RequestBody }

    public interface IRestResponse {
        string Content { get; }
    }

    public class RestRequest {
        internal readonly Method Method;
        internal readonly WebHeaderCollection Headers = new WebHeaderCollection();
        internal string BodyType, Body;

        public RestRequest(Method method) { Method = method; }

        public void AddHeader(string name, string value) { Headers.Set(name, value); }

        // The name of a body is its media type.
        public void AddParameter(string name, object value, ParameterType type) {
            BodyType = name;
            Body = value.ToString();
        }
    }

    public class RestClient {
        readonly string url;

        public RestClient(string url) { this.url = url; }

        // It throws for no status and no failure: then the response has no content.
        public IRestResponse Execute(RestRequest request) {
            try { return new Response(Send(request).GetResponse()); }
            catch (WebException error) { return new Response(error.Response); }
        }

        HttpWebRequest Send(RestRequest request) {
            var sent = (HttpWebRequest) WebRequest.Create(url);
            sent.Method = request.Method.ToString();
            // Mono wants this header apart from the others.
            sent.ContentType = request.Headers["content-type"] ?? request.BodyType;
            request.Headers.Remove("content-type");
            sent.Headers.Add(request.Headers);
            using (var body = new StreamWriter(sent.GetRequestStream())) body.Write(request.Body);
            return sent;
        }
    }

    class Response : IRestResponse {
        public string Content { get; private set; }

        public Response(WebResponse response) {
            Content = response == null ? "" : new StreamReader(response.GetResponseStream()).ReadToEnd();
        }
    }
}
