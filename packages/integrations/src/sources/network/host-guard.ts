import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { StudioError } from '@embedding-studio/contracts';

export interface ResolvedHost {
  address: string;
  family: 4 | 6;
}

/** Decides which hosts a source may be. The address that was checked is the one to connect to. */
export interface HostGuard {
  /**
   * @throws StudioError INPUT_INVALID for an address that must not be reached, SOURCE_UNREACHABLE for an unknown name
   */
  resolve(host: string): Promise<ResolvedHost>;
}

export interface HostGuardOptions {
  /** Names, addresses or ranges that are reached although they are private. */
  allowed: readonly string[];
  /** All addresses of a name; default: the system's resolver. */
  findAddresses?: (host: string) => Promise<string[]>;
}

const lookupMs = 5_000;

/** Everything that is not the public internet: this machine, private networks, link-local (cloud metadata), tunnels. */
const blocked4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
  ...['224.0.0.0/4', '240.0.0.0/4'],
];
const blocked6 = [
  ...['::/128', '::1/128', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32', '2002::/16'],
  ...['fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
];

export function createHostGuard({ allowed, findAddresses = findWithSystem }: HostGuardOptions): HostGuard {
  const blocked = toRanges([...blocked4, ...blocked6]);
  const names = new Set(allowed.filter((entry) => !isRange(entry)).map(plainName));
  const ranges = toRanges(allowed.filter(isRange));
  return {
    async resolve(host) {
      const name = plainName(host);
      const addresses = isIP(name) === 0 ? await findAddresses(name) : [name];
      const [first] = addresses;
      if (first === undefined) throw unknownHost(name);
      for (const address of addresses) {
        const isPrivate = covers(blocked, address);
        if (isPrivate && !names.has(name) && !covers(ranges, address))
          throw new StudioError('INPUT_INVALID', `${name} is ${address}, which is not on the public internet.`, {
            field: 'host',
            publicMessage: `${name} has a private address; the operator can allow it in SOURCE_PRIVATE_HOSTS.`,
          });
      }
      return { address: first, family: isIP(first) === 6 ? 6 : 4 };
    },
  };
}

async function findWithSystem(host: string): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(unknownHost(host)), lookupMs);
  });
  try {
    return (await Promise.race([lookup(host, { all: true }), late])).map(({ address }) => address);
  } catch (cause) {
    throw unknownHost(host, cause);
  } finally {
    clearTimeout(timer);
  }
}

function unknownHost(host: string, cause?: unknown): StudioError {
  return new StudioError('SOURCE_UNREACHABLE', `The name ${host.slice(0, 253)} cannot be resolved.`, { cause });
}

/** As URLs write it, without brackets and the final dot. */
function plainName(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
}

function isRange(entry: string): boolean {
  return isIP(entry.split('/')[0] ?? '') !== 0;
}

function toRanges(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', length] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    list.addSubnet(address, length === undefined ? (family === 'ipv6' ? 128 : 32) : Number(length), family);
  }
  return list;
}

/** An IPv4 address written as IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. */
function covers(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
