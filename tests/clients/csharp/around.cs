using System;
using RestSharp;

static class Sample {
    static void Main() {
{printed}
        Console.WriteLine(response.Content);
    }
}
