import com.alibaba.fastjson.JSON;
import com.alibaba.fastjson.JSONObject;
import com.aliyun.openservices.eas.predict.http.HttpConfig;
import com.aliyun.openservices.eas.predict.http.HttpException;
import com.aliyun.openservices.eas.predict.http.PredictClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs calls of the vendor's SDK: JSON lines in, JSON lines out (test/support/vendor-sdk.ts). */
public class Predict {
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, "UTF-8");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            JSONObject call = JSON.parseObject(line);
            PredictClient client = new PredictClient(new HttpConfig());
            client.setModelName(call.getString("service")).setToken(call.getString("token"));
            client.setRetryCount(call.getIntValue("retries")).setIsCompressed(call.getBooleanValue("compressed"));
            String endpoint = call.getString("endpoint").replace("http://", "");
            if (call.getBooleanValue("direct")) client.setDirectEndpoint(endpoint);
            else client.setEndpoint(endpoint);
            int times = call.containsKey("times") ? call.getIntValue("times") : 1;
            for (int n = 0; n < times; n++) out.println(predict(client, call.getString("body")));
            client.shutdown();
        }
        // Discovery's threads are no daemons.
        System.exit(0);
    }

    private static String predict(PredictClient client, String body) {
        JSONObject result = new JSONObject();
        try {
            byte[] answer = client.predict(body.getBytes(StandardCharsets.UTF_8));
            result.put("body", new String(answer, StandardCharsets.UTF_8));
        } catch (Exception failure) {
            // Versions differ in what they throw; all of them keep the status.
            boolean isAnswer = failure instanceof HttpException;
            result.put("code", isAnswer ? ((HttpException) failure).getCode() : client.getErrorCode());
            result.put("message", failure.getMessage());
        }
        return result.toJSONString();
    }
}
