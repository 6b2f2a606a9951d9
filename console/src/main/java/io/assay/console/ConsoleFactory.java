package io.assay.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import io.assay.client.Assay;
import io.micronaut.context.annotation.Bean;
import io.micronaut.context.annotation.Factory;
import io.micronaut.context.annotation.Value;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;

/** What the pages are made with. */
@Factory
final class ConsoleFactory {

  /** The public interface, through the gateway like everybody. */
  @Singleton
  @Bean(preDestroy = "close")
  Assay assay(@Value("${assay.services.gateway.url:`http://127.0.0.1:8080`}") URI gateway) {
    return Assay.at(gateway);
  }

  @Singleton
  TemplateEngine templates() {
    return TemplateEngine.createPrecompiled(
        Path.of("pages"),
        ContentType.Html,
        ConsoleFactory.class.getClassLoader(),
        "io.assay.console.pages");
  }
}
