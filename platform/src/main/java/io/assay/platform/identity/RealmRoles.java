package io.assay.platform.identity;

import io.micronaut.context.annotation.Primary;
import io.micronaut.security.token.RolesFinder;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds roles where Keycloak puts them: the realm's, and those of the client {@code assay}. */
@Singleton
@Primary
class RealmRoles implements RolesFinder {

  private static final String CLIENT = "assay";

  @Override
  public List<String> resolveRoles(@Nullable Map<String, Object> claims) {
    var roles = new LinkedHashSet<String>();
    if (claims != null) {
      collect(claims.get("realm_access"), roles);
      if (claims.get("resource_access") instanceof Map<?, ?> clients) {
        collect(clients.get(CLIENT), roles);
      }
    }
    return List.copyOf(roles);
  }

  private static void collect(@Nullable Object access, Set<String> into) {
    if (access instanceof Map<?, ?> members
        && members.get("roles") instanceof Collection<?> roles) {
      for (var role : roles) {
        if (role instanceof String name && !name.isBlank()) {
          into.add(name);
        }
      }
    }
  }
}
