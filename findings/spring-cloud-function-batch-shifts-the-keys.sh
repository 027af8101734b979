#!/usr/bin/env bash
# Package:  org.springframework.cloud:spring-cloud-function-context 5.0.5 (Maven) with Spring Boot 4.0.7, by which Spring Cloud Stream calls a
#           function; called here as its Kafka binder does with batch-mode=true: the values as a list, the keys as a list in a header.
# Input:    four rows as JSON and a tombstone. The amount of the second row is beyond an int, as after ALTER TABLE … TYPE bigint, and the row's class
#           in Java still has an int.
# Guess:    the batch is refused, as the same row is when it comes alone; or null stands at its place, as for the tombstone.
# Found:    the row that does not fit is left out of the list, while the list of keys has them all. From there on each row stands beside the key of
#           the row before it: a function that writes by key stores row 3 under 2, and 4 under 3, deletes the one before the deleted one, and leaves
#           the last key out. The same is so of a value that is the text null. Alone it is an error. Nothing is in the log, not at the level warn.
# Way out:  Function<List<byte[]>, …> or a deserializer of Kafka's with use-native-decoding=true; the key in the row itself.
# Needs Java 17 or newer and Maven. Ends with 1 when the behaviour changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > pom.xml <<'POM'
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>look</groupId><artifactId>look</artifactId><version>1</version>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-dependencies</artifactId><version>4.0.7</version><type>pom</type><scope>import</scope></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency><groupId>org.springframework.cloud</groupId><artifactId>spring-cloud-function-context</artifactId><version>5.0.5</version></dependency>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-jackson</artifactId></dependency>
    <dependency><groupId>org.springframework.kafka</groupId><artifactId>spring-kafka</artifactId><version>4.0.7</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=jars \
  > mvn.log 2>&1 || { cat mvn.log; exit 1; }
mkdir -p look
cat > look/Look.java <<'JAVA'
package look;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.function.context.FunctionCatalog;
import org.springframework.cloud.function.context.catalog.SimpleFunctionRegistry.FunctionInvocationWrapper;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.support.KafkaNull;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

@Configuration
@EnableAutoConfiguration
public class Look {
    public record Order(int id, int amount) {}

    @Bean
    Consumer<Order> one() {
        return order -> System.out.println("  " + order);
    }

    @Bean
    Consumer<Message<List<Order>>> batch() {
        return message -> {
            List<?> keys = (List<?>) message.getHeaders().get(KafkaHeaders.RECEIVED_KEY);
            List<Order> orders = message.getPayload();
            for (int at = 0; at < keys.size(); at++) System.out.println("  key " + keys.get(at) + ": " + (at < orders.size() ? orders.get(at) : "no row"));
        };
    }

    public static void main(String[] args) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Look.class).web(WebApplicationType.NONE)
                .run("--spring.main.banner-mode=off", "--logging.level.root=warn");
        FunctionCatalog functions = context.getBean(FunctionCatalog.class);
        System.out.println("alone");
        try {
            functions.<FunctionInvocationWrapper>lookup("one", "application/json").apply(MessageBuilder.withPayload(order(2, "3000000000")).build());
        } catch (RuntimeException refused) {
            System.out.println("  " + refused.getClass().getSimpleName());
        }
        show(functions, "all fit", order(1, "10"), order(2, "20"), order(3, "30"), KafkaNull.INSTANCE, order(5, "50"));
        show(functions, "the second one does not", order(1, "10"), order(2, "3000000000"), order(3, "30"), KafkaNull.INSTANCE, order(5, "50"));
        show(functions, "the second one is null", order(1, "10"), "null".getBytes(StandardCharsets.UTF_8), order(3, "30"), KafkaNull.INSTANCE, order(5, "50"));
        context.close();
    }

    private static byte[] order(int id, String amount) {
        return ("{\"id\":" + id + ",\"amount\":" + amount + "}").getBytes(StandardCharsets.UTF_8);
    }

    private static void show(FunctionCatalog functions, String what, Object... values) {
        System.out.println(what);
        FunctionInvocationWrapper batch = functions.lookup("batch", "application/json");
        batch.apply(MessageBuilder.withPayload(new ArrayList<>(List.of(values))).setHeader(KafkaHeaders.RECEIVED_KEY, List.of("1", "2", "3", "4", "5")).build());
    }
}
JAVA
jars=$(ls jars/*.jar | paste -sd:)
javac -parameters -cp "$jars" -d classes look/Look.java
timeout 200 java -cp "classes:$jars" look.Look 2> err.txt | tee seen || { cat err.txt; exit 1; }
diff seen - <<'SEEN' || { echo "changed: batches come to functions otherwise than they did"; exit 1; }
alone
  ClassCastException
all fit
  key 1: Order[id=1, amount=10]
  key 2: Order[id=2, amount=20]
  key 3: Order[id=3, amount=30]
  key 4: null
  key 5: Order[id=5, amount=50]
the second one does not
  key 1: Order[id=1, amount=10]
  key 2: Order[id=3, amount=30]
  key 3: null
  key 4: Order[id=5, amount=50]
  key 5: no row
the second one is null
  key 1: Order[id=1, amount=10]
  key 2: Order[id=3, amount=30]
  key 3: null
  key 4: Order[id=5, amount=50]
  key 5: no row
SEEN
echo "as described"
