import okhttp3.*;

public class OkHttp {
    public static void main(String[] args) throws Exception {
        Request request = new Request.Builder().url(args[0]).header("Authorization", "Bearer " + args[1]).build();
        try (Response response = new OkHttpClient().newCall(request).execute()) {
            System.out.println(request + "\n" + request.headers());
            System.out.println(response + "\n" + response.headers() + response.body().string());
        }
        System.exit(0);
    }
}
