import java.net.URI;

public class JavaUrl {
    public static void main(String[] args) throws Exception {
        var connection = URI.create(args[0]).toURL().openConnection();
        connection.setRequestProperty("Authorization", "Bearer " + args[1]);
        connection.getInputStream();
    }
}
