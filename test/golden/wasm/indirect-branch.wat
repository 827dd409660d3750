;; adr x3, #0x80134000c
;; br x3
;; nop
;; add x3, x3, #1

func f0 (locals 4 i32, 2 i64, 1 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x118
  local.set 4
  block
    block
      local.get 0
      i32.const 2
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923456
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 2
      i32.sub
      local.set 0
      block
        block
          i64.const 34379923468
          local.set 4
          local.get 4
          i32.const 0
          local.get 0
          i64.extend_i32_u
          i64.const 4294967296
          i64.or
          i64.store offset=0x5e0
          i32.const 0
          local.get 4
          i64.store offset=0x118
          i32.const 0
          i64.const 34379923460
          i64.store offset=0x5f8
          local.set 5
          i32.const 0
          local.get 5
          i64.store offset=0x410
          i32.const 0
          local.get 5
          i32.wrap_i64
          i32.const 2
          i32.shl
          i32.const 262128
          i32.and
          local.tee 6
          i32.load offset=0x50008
          local.get 6
          i64.load offset=0x50000
          local.get 5
          i64.ne
          local.get 6
          i32.load offset=0x5000c
          i32.const 4
          i32.ne
          i32.or
          select
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f1 (locals 4 i32, 1 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x118
  local.set 4
  block
    block
      local.get 0
      i32.const 3
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923464
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 3
      i32.sub
      local.set 0
      block
        block
          local.get 4
          i64.const 1
          i64.add
          local.set 4
          i32.const 0
          local.get 4
          i64.store offset=0x118
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end

func f0 (locals 4 i32, 1 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x118
  local.set 4
  block
    block
      local.get 0
      i32.const 2
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923468
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 2
      i32.sub
      local.set 0
      block
        block
          local.get 4
          i64.const 1
          i64.add
          local.set 4
          i32.const 0
          local.get 4
          i64.store offset=0x118
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923472
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
