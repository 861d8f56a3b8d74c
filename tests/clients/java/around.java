import com.mashape.unirest.http.HttpResponse;
import com.mashape.unirest.http.Unirest;

class Sample {
    public static void main(String[] arguments) throws Exception {
{printed}
        System.out.println(response.getBody());
        Unirest.shutdown();
    }
}
