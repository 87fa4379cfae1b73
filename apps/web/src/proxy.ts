import { projectHeader } from '@embedding-studio/contracts';
import { type NextRequest, NextResponse } from 'next/server';
import { projectParameter } from '@/shell/project-names';

const isDevelopment = process.env.NODE_ENV === 'development';

/**
 * Response headers for every page. Not a security boundary: who may do what is decided in every procedure and page.
 * Scripts run only with the nonce of the request (W3C Content Security Policy Level 3, strict-dynamic).
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(globalThis.crypto.randomUUID());
  const policy = [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob: https:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const project = request.nextUrl.searchParams.get(projectParameter);
  if (project !== null) headers.set(projectHeader, project);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-content-type-options', 'nosniff');
  response.headers.set('referrer-policy', 'same-origin');
  response.headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=()');
  return response;
}

export const config = { matcher: ['/((?!_next/static|_next/image|favicon.ico|icon.svg).*)'] };
