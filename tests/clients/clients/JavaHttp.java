import java.net.URI;
import java.net.http.*;

public class JavaHttp {
    public static void main(String[] args) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(args[0])).header("Authorization", "Bearer " + args[1]).build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(response);
        System.out.println(response.headers());
        System.out.println(response.body());
    }
}
