package io.assay.platform.problem;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.assay.platform.problem.Rejection.FieldError;
import io.micronaut.core.annotation.AnnotationMetadata;
import io.micronaut.core.beans.BeanIntrospector;
import io.micronaut.core.beans.BeanProperty;
import io.micronaut.core.type.Argument;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.annotation.Body;
import io.micronaut.http.annotation.CookieValue;
import io.micronaut.http.annotation.Header;
import io.micronaut.http.annotation.PathVariable;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.serde.exceptions.SerdeException;
import io.micronaut.serde.exceptions.path.CollectionItemReferencePath;
import io.micronaut.serde.exceptions.path.MapItemReferencePath;
import io.micronaut.serde.exceptions.path.PropertyReferencePath;
import io.micronaut.web.router.MethodBasedRouteMatch;
import io.micronaut.web.router.RouteAttributes;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names a place in a request as its sender wrote it, never as Java does. */
@Singleton
class Pointers {

  /** The places of all violations, in a stable order. */
  List<FieldError> of(HttpRequest<?> request, ConstraintViolationException violations) {
    return violations.getConstraintViolations().stream()
        .map(violation -> new FieldError(of(request, violation), sentence(violation.getMessage())))
        .distinct()
        .sorted(Comparator.comparing(FieldError::pointer).thenComparing(FieldError::detail))
        .toList();
  }

  /** The place of an argument of a route. */
  String of(Argument<?> argument) {
    var metadata = argument.getAnnotationMetadata();
    return place(metadata, argument.getName()).orElse("");
  }

  /** The place in the body at which a deserialiser stopped. */
  String of(SerdeException faulty) {
    var pointer = new StringBuilder();
    var path = faulty.getPath();
    for (int i = path.size() - 1; i >= 0; i--) {
      switch (path.get(i)) {
        case PropertyReferencePath property ->
            append(pointer, jsonName(property.type(), property.property().getName()));
        case CollectionItemReferencePath item -> append(pointer, String.valueOf(item.index()));
        case MapItemReferencePath item -> append(pointer, item.key());
      }
    }
    var named = FieldFaults.named(faulty);
    if (named != null && !pointer.toString().endsWith('/' + escape(named))) {
      append(pointer, named);
    }
    return pointer.toString();
  }

  private String of(HttpRequest<?> request, ConstraintViolation<?> violation) {
    var pointer = new StringBuilder();
    @Nullable Class<?> type = violation.getRootBeanClass();
    for (Path.Node node : violation.getPropertyPath()) {
      if (node.getKind() == ElementKind.METHOD || node.getKind() == ElementKind.CONSTRUCTOR) {
        continue;
      }
      if (node.getKind() == ElementKind.PARAMETER) {
        var argument = argument(request, node.getName());
        var place = argument.flatMap(it -> place(it.getAnnotationMetadata(), it.getName()));
        place.ifPresent(pointer::append);
        type = argument.<Class<?>>map(Argument::getType).orElse(null);
        continue;
      }
      index(node).ifPresent(index -> append(pointer, index));
      if (node.getKind() == ElementKind.PROPERTY && node.getName() != null) {
        append(pointer, type == null ? node.getName() : jsonName(type, node.getName()));
        type = type == null ? null : typeOf(type, node.getName());
      }
    }
    return pointer.toString();
  }

  private static Optional<String> index(Path.Node node) {
    if (node.getIndex() != null) {
      return Optional.of(String.valueOf(node.getIndex()));
    }
    return Optional.ofNullable(node.getKey()).map(Object::toString);
  }

  private static Optional<Argument<?>> argument(HttpRequest<?> request, @Nullable String name) {
    if (RouteAttributes.getRouteMatch(request).orElse(null)
        instanceof MethodBasedRouteMatch<?, ?> match) {
      for (Argument<?> argument : match.getArguments()) {
        if (argument.getName().equals(name)) {
          return Optional.of(argument);
        }
      }
    }
    return Optional.empty();
  }

  /** Empty for the body itself. */
  private static Optional<String> place(AnnotationMetadata metadata, String name) {
    if (metadata.hasAnnotation(Body.class)) {
      return Optional.empty();
    }
    if (metadata.hasAnnotation(PathVariable.class)) {
      return Optional.of("#/path/" + metadata.stringValue(PathVariable.class).orElse(name));
    }
    if (metadata.hasAnnotation(Header.class)) {
      return Optional.of("#/header/" + metadata.stringValue(Header.class).orElse(name));
    }
    if (metadata.hasAnnotation(CookieValue.class)) {
      return Optional.of("#/header/Cookie");
    }
    return Optional.of("#/query/" + metadata.stringValue(QueryValue.class).orElse(name));
  }

  private static String jsonName(Class<?> type, String property) {
    return property(type, property)
        .flatMap(found -> found.getAnnotationMetadata().stringValue(JsonProperty.class))
        .filter(name -> !name.isEmpty())
        .orElse(property);
  }

  private static @Nullable Class<?> typeOf(Class<?> type, String property) {
    var found = property(type, property);
    if (found.isEmpty()) {
      return null;
    }
    var argument = found.get().asArgument();
    var parameters = argument.getTypeParameters();
    return parameters.length == 0
        ? argument.getType()
        : parameters[parameters.length - 1].getType();
  }

  private static Optional<? extends BeanProperty<?, ?>> property(Class<?> type, String name) {
    return BeanIntrospector.SHARED
        .findIntrospection(type)
        .flatMap(introspection -> introspection.getProperty(name));
  }

  private static String sentence(String message) {
    if (message.isEmpty()) {
      return "This is out of its limits.";
    }
    return "This " + message + (message.endsWith(".") ? "" : ".");
  }

  private static void append(StringBuilder pointer, String token) {
    pointer.append('/').append(escape(token));
  }

  private static String escape(String token) {
    return token.replace("~", "~0").replace("/", "~1");
  }
}
