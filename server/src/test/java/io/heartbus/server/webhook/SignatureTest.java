package io.heartbus.server.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SignatureTest {
  /** printf '1790000000.{"epoch":"e"}' | openssl dgst -sha256 -hmac 'Jefe ö' */
  private static final String BY_OPENSSL =
      "644c182ce70f7a8004bd74d1da81ae84889d9cce35ce7da447190d5a11c37683";

  @Test
  void itIsWhatOtherToolsCompute() {
    byte[] body = "{\"epoch\":\"e\"}".getBytes(UTF_8);
    assertThat(new Signature("Jefe ö").of(body, 1_790_000_000))
        .isEqualTo("t=1790000000,v1=" + BY_OPENSSL);
  }

  @Test
  void timeBodyAndSecretAllMatter() {
    byte[] body = {1, 2, 3};
    String signature = new Signature("a").of(body, 1);
    assertThat(new Signature("a").of(body, 1)).isEqualTo(signature);
    assertThat(new Signature("b").of(body, 1)).isNotEqualTo(signature);
    assertThat(new Signature("a").of(new byte[] {1, 2}, 1)).isNotEqualTo(signature);
    String later = new Signature("a").of(body, 2);
    assertThat(later.substring(later.indexOf("v1"))).isNotEqualTo(signature.substring(4));
  }
}
